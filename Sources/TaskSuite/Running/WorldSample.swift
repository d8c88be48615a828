package import Manipulation
internal import Physics

/// What a recorder keeps of one moment, besides pictures.
package struct WorldSample: Sendable {
  /// Simulated seconds since the world was made.
  package var time: Double
  /// The tip's pose in the world.
  package var gripperPose: Pose
  /// By RLBench's rule: both fingers open more than 0.9.
  package var isGripperOpen: Bool
  /// Seven angles in radians and their speeds in rad/s.
  package var jointPositions: [Double]
  package var jointVelocities: [Double]
  /// Both fingers' displacement in metres, 0 to 0.04.
  package var fingerPositions: [Double]
  /// For each of the task's objects its pose (x, y, z, qx, qy, qz, qw), then the positions of the
  /// task's joints.
  package var taskState: [Double]
  /// The simulator's whole state.
  package var state: [Double]
}

extension TaskScene {
  func sample(_ world: World) -> WorldSample {
    WorldSample(
      time: world.time, gripperPose: world.pose(of: parts.tip),
      isGripperOpen: isGripperOpen(in: world),
      jointPositions: armJoints(in: world).values,
      jointVelocities: parts.armJoints.map { world.velocity(of: $0) },
      fingerPositions: parts.fingerJoints.map { world.position(of: $0) },
      taskState: taskState(in: world), state: world.state)
  }

  /// RLBench's rule: open means that both fingers are open more than 0.9 of their way.
  func isGripperOpen(in world: World) -> Bool {
    parts.fingerJoints.allSatisfy { world.position(of: $0) > 0.9 * openFinger }
  }

  private func taskState(in world: World) -> [Double] {
    let poses = parts.objects.flatMap { body in
      let pose = world.pose(of: body)
      let (p, q) = (pose.position, pose.rotation.quaternionXYZW)
      return [p.x, p.y, p.z, q.x, q.y, q.z, q.w]
    }
    return poses + parts.taskJoints.map { world.position(of: $0) }
  }

  /// A finger's displacement when the gripper is open, in metres.
  var openFinger: Double { 0.04 }
}
