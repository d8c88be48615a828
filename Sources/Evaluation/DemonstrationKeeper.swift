import Demonstrations
import Foundation
import Manipulation
import Outcomes

/// Writes the episodes of a rollout back as demonstrations: `<folder>/<method>/<task>.hdf5`.
///
/// A file is completed when the run leaves the task. Where it does not begin with the task's first
/// episode, as after an interruption or in a shard, it is called `<task>_from_<index>.hdf5`.
package final class DemonstrationKeeper: RolloutKeeper {
  private let folder: KeeperFolder
  /// By method.
  private var writers: [String: DemonstrationWriter] = [:]

  package init(folder: String) {
    self.folder = KeeperFolder(path: folder)
  }

  /// - Throws: `EvaluationError.cannotWrite` when the file is there already; what the writer
  ///   throws.
  package func keep(_ recording: RolloutRecording) throws {
    let outcome = recording.outcome
    let writer = try writers[outcome.method] ?? begin(recording)
    writers[outcome.method] = writer
    try writer.append(RecordedDemonstration(recording))
  }

  package func finish(task: String) throws {
    let done = writers
    writers = [:]
    for (_, writer) in done.sorted(by: { $0.key < $1.key }) {
      try writer.finish(train: [], valid: writer.episodeNames)
    }
  }

  private func begin(_ recording: RolloutRecording) throws -> DemonstrationWriter {
    let episode = recording.outcome.episode
    let name = episode.index == 0 ? episode.task : "\(episode.task)_from_\(episode.index)"
    let url = try folder.file(name + ".hdf5", of: recording.outcome.method)
    guard !FileManager.default.fileExists(atPath: url.path) else {
      throw EvaluationError.cannotWrite(
        path: url.path, reason: "a file of this name is there already")
    }
    let start = recording.frames.first?.state
    let perturbations = start?.perturbations.map { ["perturbations": $0.joined(separator: ",")] }
    return try DemonstrationWriter(
      creating: url, task: episode.task, taskVersion: start?.taskVersion ?? "1",
      environment: perturbations ?? [:])
  }
}

extension RecordedDemonstration {
  /// Every frame at which an action was carried out is a key frame.
  fileprivate init(_ recording: RolloutRecording) {
    let outcome = recording.outcome
    let isSolved = outcome.successAtEnd == true
    let last = recording.frames.count - 1
    let frames = recording.frames.enumerated().map { index, frame in
      RecordedFrame(
        observation: frame.observation, action: frame.action ?? Action(staying: frame.observation),
        isKeyframe: frame.action != nil, reward: index == last && isSolved ? 1 : 0,
        isDone: index == last, state: frame.state?.state)
    }
    self.init(
      instruction: outcome.instruction, variation: outcome.episode.variation, seed: outcome.seed,
      success: outcome.successOnce, source: "rollout:\(outcome.method)", frames: frames,
      model: recording.frames.first?.state?.model)
  }
}
