import Manipulation
import Testing

@Suite struct RotationTests {
  /// `scipy.spatial.transform.Rotation.from_euler("xyz", …).as_quat()`.
  @Test(
    "Euler angles are scipy's lower-case xyz",
    arguments: [
      (
        SIMD3(0.3, -0.4, 1.2),
        SIMD4(0.231795606, -0.079430528, 0.571676477, 0.783037415)
      ),
      (
        SIMD3(-3.14159, 0.24234, 3.14159),
        SIMD4(-1.4774e-06, -0.992667893, 1.4774e-06, -0.120873711)
      ),
      (SIMD3(1.0, 1.3, -2.0), SIMD4(0.653119459, -0.034203145, -0.744640545, 0.133325077)),
    ])
  func eulerAngles(angles: SIMD3<Double>, quaternion: SIMD4<Double>) throws {
    let rotation = Rotation(extrinsicXYZ: angles)
    let expected = try #require(Rotation(quaternionXYZW: quaternion))
    #expect(rotation.angle(to: expected) < 1e-7)
    #expect(rotation.angle(to: Rotation(extrinsicXYZ: rotation.extrinsicXYZ)) < 1e-7)
  }

  @Test("a turn about x, then about z, of the fixed frame")
  func extrinsicOrder() {
    let rotation = Rotation(extrinsicXYZ: [.pi / 2, 0, .pi / 2])
    let turned = rotation.apply(to: [0, 1, 0])
    // y goes to z by the first turn; the second, about z, leaves it there.
    #expect(abs(turned.z - 1) < 1e-12)
  }

  @Test("at the singularity the rotation survives the round trip", arguments: [1.0, -1.0])
  func gimbalLock(sign: Double) {
    let rotation = Rotation(extrinsicXYZ: [0.7, sign * .pi / 2, 0.2])
    #expect(rotation.angle(to: Rotation(extrinsicXYZ: rotation.extrinsicXYZ)) < 1e-6)
  }

  @Test(
    "an action's orientation survives single precision and Euler angles, at the singularity too",
    arguments: [0, 1e-9, 1e-7, 1.4e-6, 1e-5, 1e-3, 0.1], [1.0, -1.0])
  func recordedAction(offset: Double, sign: Double) {
    for (x, z) in [(0.7, 0.2), (-3.1, 3.1), (.pi, -.pi), (0, 2)] as [(Double, Double)] {
      let rotation = Rotation(extrinsicXYZ: [x, sign * (.pi / 2 - offset), z])
      let action = Action(translation: .zero, eulerAngles: rotation.extrinsicXYZ, gripper: 1)
      #expect(rotation.angle(to: action.asRecorded.rotation) < 3e-6)
    }
  }

  @Test("the geodesic distance wraps")
  func wrap() {
    let first = Rotation(extrinsicXYZ: [.pi - 0.01, 0, 0])
    let second = Rotation(extrinsicXYZ: [-.pi + 0.01, 0, 0])
    #expect(abs(first.angle(to: second) - 0.02) < 1e-9)
  }

  @Test("a quaternion and its negative are one rotation, whatever their length")
  func negative() throws {
    let first = try #require(Rotation(quaternionXYZW: [0.1, -0.2, 0.3, 0.9]))
    let second = try #require(Rotation(quaternionXYZW: [-0.2, 0.4, -0.6, -1.8]))
    #expect(first.angle(to: second) < 1e-9)
  }

  @Test("zero, infinite and missing quaternions are no rotation")
  func invalid() {
    #expect(Rotation(quaternionXYZW: [0, 0, 0, 0]) == nil)
    #expect(Rotation(quaternionXYZW: [.nan, 0, 0, 1]) == nil)
    #expect(Rotation(quaternionXYZW: [.infinity, 0, 0, 1]) == nil)
  }
}

@Suite struct SeedTests {
  @Test("an episode's seed depends on every part of its identity and on nothing else")
  func seeds() {
    let base = EpisodeIdentity(suite: "s", task: "t", variation: 0, name: "demo_1", index: 1)
    var others: Set<UInt64> = [base.seed(runSeed: 1), base.seed(runSeed: 2)]
    for change in [
      EpisodeIdentity(suite: "x", task: "t", variation: 0, name: "demo_1", index: 1),
      EpisodeIdentity(suite: "s", task: "x", variation: 0, name: "demo_1", index: 1),
      EpisodeIdentity(suite: "s", task: "t", variation: 1, name: "demo_1", index: 1),
      EpisodeIdentity(suite: "s", task: "t", variation: 0, name: "demo_1", index: 2),
      EpisodeIdentity(suite: "st", task: "", variation: 0, name: "demo_1", index: 1),
    ] { others.insert(change.seed(runSeed: 1)) }
    #expect(others.count == 7)
    #expect(base.seed(runSeed: 1) == base.seed(runSeed: 1))
  }

  @Test("normal numbers have mean 0 and variance 1")
  func gaussian() {
    var generator = SeededGenerator(seed: 3)
    let values = (0..<20_000).map { _ in Double(generator.gaussian()) }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + $1 * $1 } / 20_000 - mean * mean
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.04)
  }
}
