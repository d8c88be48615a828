/// A position (m) and orientation in the world frame, z up.
package struct Pose: Equatable, Sendable {
  package var position: SIMD3<Double>
  package var rotation: Rotation

  package init(position: SIMD3<Double>, rotation: Rotation) {
    self.position = position
    self.rotation = rotation
  }

  package static let identity = Pose(position: [0, 0, 0], rotation: .identity)

  /// The pose in the frame that `self` is given in, of one given in the frame of `self`.
  package static func * (frame: Pose, pose: Pose) -> Pose {
    Pose(
      position: frame.position + frame.rotation.apply(to: pose.position),
      rotation: frame.rotation * pose.rotation)
  }

  package var inverse: Pose {
    let back = rotation.inverse
    return Pose(position: -back.apply(to: position), rotation: back)
  }

  /// Where a point of this frame lies in the frame that the pose is given in.
  package func apply(to point: SIMD3<Double>) -> SIMD3<Double> {
    position + rotation.apply(to: point)
  }
}
