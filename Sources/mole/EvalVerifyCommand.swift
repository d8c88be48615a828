import ArgumentParser
import Evaluation
import Foundation
import Manipulation
import Outcomes
import Reports
import TensorMath

struct EvalVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Repeat some episodes of a run and compare them.",
    discussion: """
      Draws episodes of the run's journal, takes them again by the run's own plan, and compares all \
      but the times: what the policy was shown and what it answered by their digests, the layers \
      that ran, the counted work, the outcome. For an episode that differs it names the first step \
      and what differs there first. Nothing is written.

      Exits with 0 when all are the same, with 1 when one is not, and with 2 when that cannot be \
      told: one differs, but so does the machine, the program's version or a library; or the run \
      has no episode yet. Inputs that have changed are refused with 65.
      """)

  @Argument(help: ArgumentHelp("The run directory.", valueName: "run"))
  var path: String

  @Option(help: "Episodes to repeat; all where the run has fewer.")
  var sample = 20

  @Option(help: "The seed of the draw.")
  var seed: UInt64 = 0

  @OptionGroup var folder: TaskFolderOption

  @Option(help: "How the table is printed.")
  var format: TableFormat = .table

  func validate() throws {
    try check("--sample", sample, in: 1...1_000_000)
  }

  func run() throws {
    Interruption.watch()
    let directory = try RunDirectory(opening: URL(filePath: path))
    let lines = try LineSample(size: sample, seed: seed, of: directory).lines
    guard !lines.isEmpty else {
      Console.say("The run '\(path)' has no episode yet, so there is nothing to repeat.")
      throw ExitCode(2)
    }
    let prepared = try preparation(of: directory.manifest.plan, lines).run()
    let repetition = try RunRepetition(
      of: directory.manifest, by: prepared.manifest, at: path)
    let repeated = try repeated(lines, by: prepared.run)
    print(
      RepetitionTable.table(repeated).rendered(as: format, width: Console.width),
      terminator: "")
    try conclude(repeated, repetition, plan: directory.manifest.plan)
  }

  private func preparation(
    of plan: EvaluationPlan, _ lines: [RecordedLine]
  ) -> EvalPreparation {
    let showsPictures = lines.contains { line in
      line.outcome.queries.contains { $0.digests?.pictures != nil }
    }
    return EvalPreparation(
      plan: plan, worlds: EvalWorlds(folder: folder.path), alwaysShows: showsPictures,
      notify: Console.say)
  }

  private func repeated(
    _ lines: [RecordedLine], by run: EvaluationRun
  ) throws -> [RepeatedLine] {
    let progress = ProgressLine(label: "episodes")
    var repeated: [RepeatedLine] = []
    try run.repeat(
      lines, ofJournal: "\(path)/\(RunFile.journal)",
      shouldStop: { Interruption.isRequested }
    ) {
      repeated.append($0)
      progress.show(repeated.count, of: lines.count)
    }
    progress.finish()
    guard repeated.count == lines.count else {
      Console.say("Interrupted after \(repeated.count) of \(lines.count) episodes.")
      throw ExitCode(130)
    }
    return repeated
  }

  private func conclude(
    _ repeated: [RepeatedLine], _ repetition: RunRepetition, plan: EvaluationPlan
  ) throws {
    var reasons = repetition.changes
    // What the plan does not say the weights decide.
    let precisions = plan.dtype.map { [$0.precision] } ?? Precision.allCases
    if plan.batch > 1, !precisions.allSatisfy(\.ignoresOtherTokens) { reasons.append("batch") }
    if !repetition.changes.isEmpty {
      Console.say(
        "The run '\(path)' ran elsewhere: its \(repetition.changes.joined(separator: ", ")) "
          + "\(repetition.changes.count == 1 ? "is" : "are") not what is here.")
    }
    if repeated.contains(where: \.lacksDigests) {
      Console.say(
        "Some lines are older than the digests of what was shown; they are compared by actions, "
          + "layers and outcome alone.")
    }
    let different = repeated.count { $0.difference != nil }
    guard different > 0 else {
      return Console.say("All \(repeated.count) episodes are the same.")
    }
    let counted = "\(different) of \(repeated.count) episodes differ"
    Console.say(
      reasons.isEmpty
        ? "\(counted)."
        : "\(counted), which may come of: \(reasons.joined(separator: ", ")); repeat them where the"
          + " run ran.")
    throw ExitCode(reasons.isEmpty ? 1 : 2)
  }
}

extension RepeatedLine {
  /// Whether the record does not say what the policy was shown.
  fileprivate var lacksDigests: Bool { recorded.outcome.queries.contains { $0.digests == nil } }
}
