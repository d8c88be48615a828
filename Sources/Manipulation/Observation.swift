/// What a policy may see at one moment.
package struct Observation: Sendable {
  /// Pictures by camera name as in RLBench: `front`, `wrist`, `left_shoulder`, …
  package var images: [String: RGBImage]
  /// The gripper's pose in the world, where the recording holds it.
  package var gripperPose: Pose?
  /// 1 = open, 0 = closed.
  package var gripperOpen: Double?
  /// Joint angles in radians.
  package var jointPositions: [Double]?

  package init(
    images: [String: RGBImage] = [:], gripperPose: Pose? = nil, gripperOpen: Double? = nil,
    jointPositions: [Double]? = nil
  ) {
    self.images = images
    self.gripperPose = gripperPose
    self.gripperOpen = gripperOpen
    self.jointPositions = jointPositions
  }

  /// Whether the gripper is open, by the rule for actions; `nil` where the recording does not say.
  package var showsOpenGripper: Bool? {
    gripperOpen.flatMap { $0.isFinite ? $0 > 0.5 : nil }
  }
}
