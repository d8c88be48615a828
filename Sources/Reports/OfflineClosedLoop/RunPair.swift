internal import Foundation
internal import Outcomes

/// A replay and a rollout of the same policies on the same tasks, to be held against each other.
///
/// Methods and tasks are paired by name; what only one of the runs has is left aside.
package struct RunPair: Sendable {
  package let replay: RunDirectory
  package let rollout: RunDirectory
  /// The methods of both runs, in the replay's order.
  package let methods: [String]
  /// The tasks of both runs, in the replay's order.
  package let tasks: [String]

  /// Finds the pair among the runs of a report.
  ///
  /// - Returns: `nil` unless there are two runs, one of each mode.
  /// - Throws: `ReportError.unlikeRuns` when the two are of different policies or tasks.
  package init?(among runs: [RunDirectory]) throws(ReportError) {
    guard runs.count == 2, let replay = runs.first(where: { $0.manifest.plan.mode == .replay }),
      let rollout = runs.first(where: { $0.manifest.plan.mode == .rollout })
    else { return nil }
    self.replay = replay
    self.rollout = rollout
    methods = RunPair.shared(
      replay.manifest.methods.map(\.name), rollout.manifest.methods.map(\.name))
    tasks = RunPair.shared(replay.manifest.tasks.map(\.name), rollout.manifest.tasks.map(\.name))
    if let difference = RunPair.difference(of: replay.manifest, and: rollout.manifest) {
      throw .unlikeRuns(replay.name, rollout.name, difference)
    }
    guard !methods.isEmpty else { throw .unlikeRuns(replay.name, rollout.name, .noSharedMethod) }
    guard !tasks.isEmpty else { throw .unlikeRuns(replay.name, rollout.name, .noSharedTask) }
  }

  /// What is in both lists, once each, in the first one's order.
  private static func shared(_ first: [String], _ second: [String]) -> [String] {
    var left = Set(second)
    return first.filter { left.remove($0) != nil }
  }

  private static func difference(
    of replay: RunManifest, and rollout: RunManifest
  ) -> RunDifference? {
    let suites = [replay.plan.suite, rollout.plan.suite]
    // A replay whose suite nobody named may be of any.
    if suites[0] != suites[1], suites[0] != EvaluationPlan().suite {
      return .suites(suites[0], suites[1])
    }
    guard contents(replay.checkpointFiles) == contents(rollout.checkpointFiles) else {
      return .checkpoints(replay.plan.checkpoint, rollout.plan.checkpoint)
    }
    guard replay.plan.keep == rollout.plan.keep else {
      return .keep(replay.plan.keep, rollout.plan.keep)
    }
    let digests = Dictionary(
      (rollout.taskFiles ?? []).map { ($0.path, $0.sha256) }, uniquingKeysWith: { $1 })
    let changed = (replay.taskFiles ?? []).first { file in
      digests[file.path].map { $0 != file.sha256 } ?? false
    }
    return changed.map { .taskFile($0.path) }
  }

  /// What is in the files of a folder, wherever it lay.
  private static func contents(_ files: [FileDigest]) -> Set<String> {
    Set(files.map { URL(filePath: $0.path).lastPathComponent + " " + $0.sha256 })
  }
}

/// Why two runs cannot be held against each other.
package enum RunDifference: Equatable, Sendable {
  case suites(String, String)
  /// The folders' contents differ, whatever their names.
  case checkpoints(String, String)
  /// The shares of the layers that a skipping method keeps.
  case keep(Double, Double)
  /// The definition of a task.
  case taskFile(String)
  /// The most actions of an episode of this task.
  case budget(task: String)
  case perturbations
  case noSharedMethod
  case noSharedTask

  /// Half a sentence, the first run first.
  var reason: String {
    switch self {
    case .suites(let first, let second): "their suites are '\(first)' and '\(second)'"
    case .checkpoints(let replay, let rollout):
      "their checkpoints '\(replay)' and '\(rollout)' have different contents"
    case .keep(let replay, let rollout): "they keep \(replay) and \(rollout) of the layers"
    case .taskFile(let path): "'\(path)' changed between them"
    case .budget(let task): "they allow different numbers of actions in '\(task)'"
    case .perturbations: "their worlds are perturbed in different ways"
    case .noSharedMethod: "no method is in both"
    case .noSharedTask: "no task is in both"
    }
  }
}
