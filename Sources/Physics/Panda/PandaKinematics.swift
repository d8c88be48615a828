package import Manipulation

/// The geometry of the Franka Panda that `Tasks/common/panda.xml` describes: where its tip is for
/// which joint angles.
///
/// The tip lies between the finger tips; its z axis points out of the gripper, along y the fingers
/// open. Poses are in the world.
package enum PandaKinematics {
  /// Where the robot's base stands.
  ///
  /// With these numbers the home joints give RLBench's home pose of the tip; the base leans back by
  /// 3.9 degrees for it.
  package static let base = Pose(
    position: [-0.22333, -0.00815, 0.734795],
    rotation: Rotation(quaternionXYZW: [0, -0.03390956, 0, 0.99942491]) ?? .identity)

  /// RLBench's joint angles at the start of an episode (rad).
  package static let home = JointVector([0, 0.1745, 0, -0.8727, 0, 1.2217, 0.7854])

  /// The published joint limits (rad).
  package static let lowerLimits = JointVector(
    [-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973])
  package static let upperLimits = JointVector(
    [2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973])

  /// The pose of the tip.
  package static func tip(_ joints: JointVector) -> Pose {
    ArmFrames(joints).tip
  }

  /// The geometric Jacobian of the tip, `[6][7]`: rows 0-2 m/rad along world x, y, z; rows 3-5
  /// rad/rad about them.
  package static func jacobian(_ joints: JointVector) -> [[Double]] {
    let frames = ArmFrames(joints)
    return (0..<6).map { row in (0..<JointVector.count).map { frames.motion(of: $0)[row] } }
  }

  /// Whether every joint lies within its limits, or at most `slack` (rad) beyond them.
  package static func isWithinLimits(_ joints: JointVector, slack: Double = 0) -> Bool {
    let room = slack * JointVector.ones
    return joints == joints.clamped(from: lowerLimits - room, to: upperLimits + room)
  }
}
