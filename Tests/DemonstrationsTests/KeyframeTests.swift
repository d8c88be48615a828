import Demonstrations
import Foundation
import Manipulation
import Testing

@Suite("Key frames, labels, conventions and statistics against numpy and scipy")
struct KeyframeTests {
  private struct RuleCase: Decodable {
    var velocities: [[Double]]
    var gripper: [Double]
    var peract: [Int]
    var lift3d: [Int]
  }

  private struct LabelCase: Decodable {
    var position: [SIMD3<Double>]
    var quaternion: [SIMD4<Double>]
    var opening: [Double]
    var keyframes: [Int]
    var actions: [[Double]]
    var flags: [Bool]
    var statistics: [String: [Double]]
    var rows: [[Double]]
    var quantiles: [String: [Double]]
  }

  private struct ConventionCase: Decodable {
    var position: SIMD3<Double>
    var quaternion: SIMD4<Double>
    var delta: [Float]
    var absolute: [Float]
    var native: SIMD3<Double>
    var gripper: Double
    var following: SIMD4<Double>
  }

  private func decode<Value: Decodable>(_ name: String) throws -> Value {
    let data = try Data(contentsOf: demonstrationFixture(name))
    return try JSONDecoder().decode(Value.self, from: data)
  }

  @Test("both rules find the frames that the reference finds")
  func rules() throws {
    let cases: [RuleCase] = try decode("keyframes.json")
    #expect(cases.contains { $0.peract != $0.lift3d })
    for example in cases {
      func found(_ rule: KeyframeRule) -> [Int] {
        rule.keyframes(jointVelocities: example.velocities, gripperOpen: example.gripper)
      }
      #expect(found(.peract) == example.peract)
      #expect(found(.lift3d) == example.lift3d)
    }
  }

  @Test("a rule is chosen by its name")
  func names() throws {
    #expect(try KeyframeRule(named: "peract") == .peract)
    #expect(throws: DemonstrationError.unknownKeyframeRule("x")) { try KeyframeRule(named: "x") }
  }

  @Test("labels lead every frame to its next key frame")
  func labels() throws {
    let example: LabelCase = try decode("labels.json")
    let states = try zip(zip(example.position, example.quaternion), example.opening).map {
      GripperState(
        pose: Pose(
          position: $0.0, rotation: try #require(Rotation(quaternionXYZW: $0.1))), open: $1)
    }
    let labels = KeyframeLabels(states: states, keyframes: example.keyframes)
    #expect(labels.isKeyframe == example.flags)
    for (action, expected) in zip(labels.actions, example.actions) {
      let error = zip(action.vector, expected).map { abs(Double($0) - $1) }.max() ?? 1
      #expect(error < 1e-6)
    }
  }

  @Test("a recording without key frames is not queried")
  func noKeyframes() {
    let state = GripperState(
      pose: Pose(position: .zero, rotation: .identity), open: 1)
    let labels = KeyframeLabels(states: [state, state], keyframes: [])
    #expect(labels.isKeyframe == [false, false])
    #expect(labels.actions.allSatisfy { $0.translation == .zero })
  }

  @Test("statistics equal numpy's")
  func statistics() throws {
    let example: LabelCase = try decode("labels.json")
    let rows = zip(example.actions, example.flags).filter(\.1).map(\.0)
    let statistics = DimensionStatistics(of: rows)
    let ours = [
      "mean": statistics.mean, "std": statistics.std, "min": statistics.min,
      "max": statistics.max, "q01": statistics.q01, "q99": statistics.q99,
    ]
    for (name, values) in ours {
      let expected = try #require(example.statistics[name])
      #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(name)")
    }
    let large = DimensionStatistics(of: example.rows)
    #expect(large.q01 == example.quantiles["0.01"])
    #expect(large.q99 == example.quantiles["0.99"])
    #expect(large.max == example.quantiles["1.0"])
  }

  @Test("actions of other conventions become ours")
  func conventions() throws {
    let absolute = try #require(
      ActionConvention(name: "absolute-position+absolute-euler-xyz+gripper-closed"))
    for example in try decode("conventions.json") as [ConventionCase] {
      let rotation = try #require(Rotation(quaternionXYZW: example.quaternion))
      let next = try #require(Rotation(quaternionXYZW: example.following))
      let pose = Pose(position: example.position, rotation: rotation)
      for (convention, vector) in [
        (ActionConvention.deltas, example.delta), (absolute, example.absolute),
      ] {
        let action = try #require(convention.convert(Action(vector: vector), at: pose))
        let error = action.translation - example.native
        #expect((error * error).sum().squareRoot() < 1e-6)
        #expect(action.rotation.angle(to: next) < 1e-6)
        #expect(action.gripper == example.gripper)
        #expect(convention.convert(Action(vector: vector), at: nil) == nil)
      }
    }
  }

  @Test("conventions have names of three known parts")
  func conventionNames() {
    #expect(
      ActionConvention.native.name == "world-delta-position+absolute-euler-xyz+gripper-open")
    #expect(ActionConvention(name: ActionConvention.deltas.name) == .deltas)
    for name in ["", "osc", "delta-position+delta-euler-xyz", "a+b+c"] {
      #expect(ActionConvention(name: name) == nil)
    }
  }
}
