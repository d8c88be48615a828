internal import Foundation
internal import Manipulation

/// A drawn toy task: a table from above, a coloured thing on it, and a gripper that goes there.
///
/// Its demonstrations are something to try commands on where no recording is at hand. Nothing is
/// simulated, and nobody should train on them.
package enum SampleTask: String, CaseIterable, Sendable {
  case pickUpBlock = "pick_up_block"
  case pushButton = "push_button"

  var instruction: String {
    switch self {
    case .pickUpBlock: "pick up the red block"
    case .pushButton: "push the green button"
    }
  }

  private var color: SIMD3<UInt8> {
    switch self {
    case .pickUpBlock: [200, 40, 40]
    case .pushButton: [40, 160, 70]
    }
  }

  /// Heights above the thing (m), and whether the gripper is open on arrival.
  private var stops: [(height: Double, open: Bool)] {
    switch self {
    case .pickUpBlock: [(0.15, true), (0.01, false), (0.25, false)]
    case .pushButton: [(0.12, false), (0.005, false)]
    }
  }

  /// One demonstration: where the thing lies and how it is turned depend on the seed alone.
  package func demonstration(seed: UInt64) -> RecordedDemonstration {
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, [rawValue]))
    let place = SIMD3(
      0.1 + 0.35 * generator.uniform(), -0.35 + 0.7 * generator.uniform(), 0.75)
    let yaw = (generator.uniform() - 0.5) * .pi / 2
    let home = Stop(
      pose: Pose(position: [0.278, 0, 1.472], rotation: Rotation(extrinsicXYZ: [.pi, 0, 0])),
      open: true)
    let visited =
      [home]
      + stops.map { stop in
        Stop(
          pose: Pose(
            position: place + [0, 0, stop.height], rotation: Rotation(extrinsicXYZ: [.pi, 0, yaw])),
          open: stop.open)
      }
    let frames = visited.indices.map { index in
      frame(
        visited[index], next: visited[min(index + 1, visited.count - 1)], place: place, yaw: yaw,
        isLast: index == visited.count - 1)
    }
    return RecordedDemonstration(
      instruction: instruction, seed: seed, success: true, source: "sample", frames: frames)
  }

  private struct Stop {
    let pose: Pose
    let open: Bool
  }

  private func frame(
    _ stop: Stop, next: Stop, place: SIMD3<Double>, yaw: Double, isLast: Bool
  ) -> RecordedFrame {
    let picture = TablePicture.draw(
      thing: place, yaw: yaw, color: color, gripper: stop.pose.position, open: stop.open)
    return RecordedFrame(
      observation: Observation(
        images: ["front": picture], gripperPose: stop.pose, gripperOpen: stop.open ? 1 : 0),
      action: Action(
        translation: next.pose.position - stop.pose.position,
        eulerAngles: next.pose.rotation.extrinsicXYZ, gripper: next.open ? 1 : 0),
      isKeyframe: !isLast, reward: isLast ? 1 : 0, isDone: isLast)
  }
}
