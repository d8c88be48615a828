package import Manipulation

/// A pose that the scripted expert goes to in one action, and what the gripper does there.
package struct WayPoint: Equatable, Sendable {
  /// What it is for, in words.
  package var name: String
  /// The body or site in whose frame the pose is given.
  package var frame: String
  /// Metres in the frame.
  package var position: SIMD3<Double>
  /// The tip's orientation in the frame.
  package var rotation: Rotation
  /// Whether the gripper is open after the arm has arrived.
  package var opensGripper: Bool
  /// Equivalent turns in radians about the tip's approach axis; one choice for the whole plan.
  package var turns: [Double]
  /// Whether only the frame's heading counts, not its tilt.
  package var isUpright: Bool
  /// The held body that shall have the pose, instead of the tip.
  package var carriedBody: String?
  /// Whether the tip must come here on a straight line: what is turned, poured or pushed on the
  /// way needs it, and a start or choice of turns without it is none.
  package var isStraight: Bool
  /// Whether the arm must not touch anything on its way.
  package var avoidsCollisions: Bool
  /// The line of the file, for complaints.
  package var line: Int
}
