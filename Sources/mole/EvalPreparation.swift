import Evaluation
import Foundation
import Manipulation
import Outcomes
import TensorMath

/// Makes a plan into a run: digests, episodes, policies.
struct EvalPreparation {
  let plan: EvaluationPlan
  let notify: (String) -> Void

  func run() throws -> PreparedRun {
    let threads = plan.threads ?? ProcessInfo.processInfo.activeProcessorCount
    MatrixThreads.set(threads)
    notify("Computing the digests of checkpoint and demonstrations.")
    let demonstrations = try plan.demonstrations.map { try FileDigest(ofFile: $0) }
    let checkpoint = try FileDigest.all(inFolder: plan.checkpoint)
    let sources = try plan.demonstrations.map {
      try DemonstrationSource(opening: $0, plan: plan)
    }
    let methods = try makePolicies(plan: plan, notify: notify) {
      try sources.flatMap { try $0.calibrationQueries() }
    }
    return PreparedRun(
      replay: try Replay(plan: plan, methods: methods, sources: sources), plan: plan,
      command: CommandLine.arguments,
      environment: .current(threads: threads, libraries: ["OpenBLAS": MatrixThreads.engine]),
      checkpointFiles: checkpoint, demonstrations: demonstrations)
  }
}
