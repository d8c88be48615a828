import Demonstrations
import Failures
import Foundation
import HDF5Files
import Manipulation
import Testing

/// A file that `Scripts/fixtures/demonstrations.py` made.
func demonstrationFixture(_ name: String) throws -> URL {
  try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    .appendingPathComponent(name)
}

/// A folder of its own, removed afterwards.
func inTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("mole-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The error that `body` throws, if it is one of ours.
func explained(_ body: () throws -> Void) -> (any ExplainedError)? {
  do {
    try body()
    return nil
  } catch {
    return error as? any ExplainedError
  }
}

/// A recording of a gripper that points down, moves to four places and opens at the third.
enum SampleRecording {
  static let frameCount = 12
  static let keyframes = [4, 8, 11]

  static func states(seed: Double = 0) -> [GripperState] {
    (0..<frameCount).map { frame in
      let time = Double(frame) + seed
      let tilt = Rotation(extrinsicXYZ: [0.2 * sin(time), 0.1 * cos(time), 0.05 * time])
      let down = Rotation(angle: .pi, aboutUnitAxis: [0, 1, 0])
      return GripperState(
        pose: Pose(
          position: [0.3 + 0.03 * time, 0.02 * sin(time), 1 - 0.01 * time], rotation: tilt * down),
        open: frame < 6 ? 1 : 0)
    }
  }

  static func picture(_ frame: Int, _ seed: Double = 0) -> RGBImage {
    let pixels = (0..<6 * 4 * 3).map { UInt8(($0 * 7 + frame * 31 + Int(seed * 100)) % 251) }
    return RGBImage(width: 6, height: 4, pixels: pixels)
  }

  static func demonstration(
    seed: Double = 0, instruction: String = "put the cup down", variation: Int = 0
  ) -> RecordedDemonstration {
    let states = states(seed: seed)
    let labels = KeyframeLabels(states: states, keyframes: keyframes)
    let frames = states.enumerated().map { index, state in
      RecordedFrame(
        observation: Observation(
          images: ["front": picture(index, seed), "wrist": picture(index + 100, seed)],
          gripperPose: state.pose, gripperOpen: state.open,
          jointPositions: (0..<7).map { Double($0 + index) / 10 }),
        action: labels.actions[index], isKeyframe: labels.isKeyframe[index],
        reward: index == frameCount - 1 ? 1 : 0, isDone: index == frameCount - 1,
        state: [Double(index), seed],
        extras: [
          "gripper_joint_positions": state.open > 0.5 ? [0.04, 0.04] : [0.01, 0.01],
          "joint_velocities": [Double](repeating: 0.5, count: 7),
        ])
    }
    return RecordedDemonstration(
      instruction: instruction, variation: variation, seed: .max - 1, success: true,
      source: "test", frames: frames)
  }

  /// Writes a healthy file of `count` episodes, the last of them held back.
  static func write(
    _ url: URL, count: Int = 3, change: (Int, inout RecordedDemonstration) -> Void = { _, _ in }
  ) throws {
    let writer = try DemonstrationWriter(creating: url, task: "put_cup", taskVersion: "2")
    for index in 0..<count {
      var demonstration = demonstration(seed: Double(index) * 0.37, variation: index)
      change(index, &demonstration)
      try writer.append(demonstration)
    }
    let names = writer.episodeNames
    try writer.finish(train: Array(names.dropLast()), valid: Array(names.suffix(1)))
  }
}
