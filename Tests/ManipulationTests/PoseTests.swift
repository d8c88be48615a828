import Manipulation
import Testing

@Suite struct PoseTests {
  let pose = Pose(position: [0.1, -0.2, 0.3], rotation: Rotation(extrinsicXYZ: [0.4, -0.5, 2.9]))

  @Test func `a pose times its inverse is no motion`() {
    let nothing = pose * pose.inverse
    let zero = SIMD3<Double>(0, 0, 0)
    #expect((nothing.position - zero).max() < 1e-12)
    #expect(nothing.rotation.angle(to: .identity) < 1e-9)
  }

  @Test func `composition is application in turn`() {
    let other = Pose(position: [1, 2, 3], rotation: Rotation(extrinsicXYZ: [-1, 0.2, 0.1]))
    let point = SIMD3<Double>(0.5, 0.6, -0.7)
    let difference = (pose * other).apply(to: point) - pose.apply(to: other.apply(to: point))
    #expect((difference * difference).sum() < 1e-24)
  }

  @Test(arguments: [
    SIMD3<Double>(0, 0, 0), [3.1, 0, 0], [0, 1.5, 3], [0, 0, 3.14], [3.14, 0.01, 3.13],
    [2, -1, 0.5],
  ])
  func `a rotation comes back from its matrix`(angles: SIMD3<Double>) {
    let rotation = Rotation(extrinsicXYZ: angles)
    #expect(Rotation(rows: rotation.matrix).angle(to: rotation) < 1e-7)
  }
}
