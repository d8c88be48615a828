/// A position (m) and orientation in the world frame, z up.
package struct Pose: Equatable, Sendable {
  package var position: SIMD3<Double>
  package var rotation: Rotation

  package init(position: SIMD3<Double>, rotation: Rotation) {
    self.position = position
    self.rotation = rotation
  }
}
