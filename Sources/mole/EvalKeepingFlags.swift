import ArgumentParser
import Evaluation
import Outcomes

/// What is kept of a rollout beside its journal; no part of the plan, as it changes no result.
struct EvalKeepingFlags: ParsableArguments {
  @Option(help: "Write a strip of what was seen in each episode: DIR/<method>/<task>_000.png.")
  var strips: String?

  @Option(help: "Write the same as animated PNGs.")
  var animate: String?

  @Option(help: "Write the episodes back as demonstrations: DIR/<method>/<task>.hdf5.")
  var record: String?

  var keepers: [any RolloutKeeper] {
    var keepers: [any RolloutKeeper] = []
    if let strips { keepers.append(PictureKeeper(.strip, folder: strips)) }
    if let animate { keepers.append(PictureKeeper(.animation, folder: animate)) }
    if let record { keepers.append(DemonstrationKeeper(folder: record)) }
    return keepers
  }

  /// - Throws: `ValidationError` for a plan whose episodes are recorded already.
  func check(for plan: EvaluationPlan) throws {
    guard plan.mode == .rollout || keepers.isEmpty else {
      throw ValidationError(
        "'--strips', '--animate' and '--record' keep what happens in a rollout; add '--mode"
          + " rollout' or leave them away.")
    }
    guard strips == nil || strips != animate else {
      throw ValidationError("'--strips' and '--animate' write files of one name; give two folders.")
    }
  }
}
