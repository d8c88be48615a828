import Checkpoints
import Demonstrations
import Failures
import Foundation
import Manipulation
import Testing
import Training
import VLAPolicy

/// Short episodes of drawn pictures, in files and in memory.
enum SmallDemonstrations {
  /// A picture that is told from every other by its colours.
  static func picture(_ episode: Int, _ step: Int, side: Int = 40) -> RGBImage {
    let pixels = (0..<side * side * 3).map { index in
      UInt8((index * 7 + episode * 31 + step * 57) % 256)
    }
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  /// The action at a key frame: a gripper that points down, its roll at either end of (-π, π].
  static func action(_ episode: Int, _ step: Int) -> Action {
    let sign = (episode + step).isMultiple(of: 2) ? 1.0 : -1
    return Action(
      translation: [
        0.01 * Double(episode), -0.02 * Double(step), 0.1 - 0.01 * Double(episode + step),
      ],
      eulerAngles: [
        sign * (.pi - 0.001 * Double(episode)), 0.01 * Double(step),
        sign * (3 - 0.05 * Double(step)),
      ], gripper: step.isMultiple(of: 2) ? 1 : 0)
  }

  /// - Parameter steps: The key frames with an action; one more frame ends the episode.
  static func demonstration(
    _ episode: Int, steps: Int, instruction: String, camera: String = "front"
  ) -> RecordedDemonstration {
    let frames = (0...steps).map { step in
      RecordedFrame(
        observation: Observation(
          images: [camera: picture(episode, step)],
          gripperPose: Pose(position: [0.3, 0, 1], rotation: .identity), gripperOpen: 1),
        action: action(episode, step), isKeyframe: step < steps, isDone: step == steps)
    }
    return RecordedDemonstration(instruction: instruction, source: "test", frames: frames)
  }

  /// Writes a file whose episodes have as many key frames as `steps` says.
  static func write(
    _ folder: URL, task: String = "push", steps: [Int], valid: Int = 1,
    instruction: String = "push the button", camera: String = "front"
  ) throws -> URL {
    let url = folder.appending(path: "\(task).hdf5")
    let writer = try DemonstrationWriter(creating: url, task: task)
    for (episode, count) in steps.enumerated() {
      try writer.append(
        demonstration(episode, steps: count, instruction: instruction, camera: camera))
    }
    let names = writer.episodeNames
    try writer.finish(train: names.dropLast(valid), valid: names.suffix(valid))
    return url
  }

  /// The training episodes of a file that is written for it alone.
  static func set(steps: [Int], mask: DemonstrationMask = .train) throws -> DemonstrationSet {
    try inFolder { folder in
      try DemonstrationSet(
        reading: [write(folder, steps: steps)], mask: mask, for: TinyPolicy.configuration)
    }
  }
}

/// The parts of a policy of the preset `tiny`, with random weights.
enum TinyPolicy {
  static let configuration = Preset.tiny.configuration(suffixIDs: [5, 2])

  /// Writes it and reads what it says of itself.
  static func written(in folder: URL, seed: UInt64 = 4) throws -> URL {
    let url = folder.appending(path: "tiny")
    try RandomCheckpoint.write(.tiny, seed: seed, elementType: .float32, to: url)
    return url
  }
}

/// A folder of its own, removed afterwards.
func inFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "mole-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The sentence and the kind of the error that `body` throws, if it is one of ours.
func complaint(_ body: () throws -> Void) -> (kind: FailureKind, text: String)? {
  do {
    try body()
    return nil
  } catch {
    return (error as? any ExplainedError).map { ($0.kind, $0.description) }
  }
}
