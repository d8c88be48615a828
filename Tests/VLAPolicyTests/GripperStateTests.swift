import Failures
import Manipulation
import Testing
import VLAPolicy

/// What a policy is told of its gripper; that the numbers are PyTorch's and scipy's, and that they reach
/// the network, is `ParityTests`' (the fixture "one-tower").
@Suite struct GripperStateTests {
  private static func known(
    std: [Double] = [0.1, 0.2, 0.25], min: [Double] = [-0.1, -0.4, 0.77],
    max: [Double] = [0.5, 0.4, 1.5]
  ) -> DimensionStatistics {
    let rest = [0.0, 0, 0, 0]
    return DimensionStatistics(
      mean: [0.3, 0, 1] + rest, std: std + rest, max: max + rest, min: min + rest,
      q01: min + rest, q99: max + rest)
  }

  private func statistics(_ proprio: DimensionStatistics?) -> DatasetStatistics {
    DatasetStatistics(
      action: Self.known(), proprio: proprio, transitionCount: 1, trajectoryCount: 1)
  }

  private func observation(
    _ position: SIMD3<Double>, open: Double? = 0
  ) -> Observation {
    let half = Rotation(angle: .pi / 2, aboutUnitAxis: [0, 0, 1])
    return Observation(
      gripperPose: Pose(position: position, rotation: half), gripperOpen: open)
  }

  @Test("position by mean and deviation, two rows of the rotation, the opening")
  func numbers() throws {
    let state = try GripperState(statistics(Self.known()))
    let told = try state(observation([0.4, -0.2, 0.75]))
    let expected: [Float] = [1, -1, -1, 0, -1, 0, 1, 0, 0, -1]
    #expect(told.count == GripperState.width)
    for (one, two) in zip(told, expected) { #expect(abs(one - two) < 1e-6) }
    #expect(try state(observation([0.4, -0.2, 0.75], open: 1)).last == 1)
  }

  @Test("an axis along which nothing moved is not divided by its deviation")
  func still() throws {
    let state = try GripperState(statistics(Self.known(std: [0, 0.2, 0.25])))
    #expect(abs(try state(observation([0.4, 0, 1]))[0] - 0.1) < 1e-6)
  }

  @Test("targets beyond where grippers were move to the edge, one after the other; others stay")
  func inside() throws {
    let state = try GripperState(statistics(Self.known()))
    func action(_ translation: SIMD3<Double>) -> Action {
      Action(translation: translation, eulerAngles: [3, 0, 1], gripper: 1)
    }
    let told = try state(observation([0.4, -0.2, 0.8]))
    let good = ActionChunk(actions: [action([0.05, 0.1, 0.2]), action([0, 0, -0.1])])
    #expect(state.keepingInside(good, from: told) == good)
    let low = ActionChunk(actions: [action([0.05, 0.1, -0.05]), action([0.1, 0, 0.1])])
    let kept = state.keepingInside(low, from: told).actions
    let wanted: [SIMD3<Double>] = [[0.05, 0.1, -0.03], [0.05, 0, 0.1]]
    for (one, two) in zip(kept, wanted) {
      let difference = one.translation - two
      #expect((difference * difference).sum() < 1e-12)
      #expect(one.eulerAngles == [3, 0, 1] && one.gripper == 1)
    }
  }

  @Test("what does not say where the gripper is, or was, is refused in a sentence")
  func refusals() throws {
    let state = try GripperState(statistics(Self.known()))
    for lacking in [
      Observation(gripperOpen: 1), observation([0, 0, 1], open: nil),
      observation([0, 0, 1], open: .nan),
    ] {
      let error = #expect(throws: PolicyError.missingGripper) { try state(lacking) }
      #expect(error?.kind == .badData)
    }
    for bad in [
      nil, Self.known(std: [.nan, 1, 1]), Self.known(min: [0, 0, 2]), Self.known(max: [.infinity]),
    ] {
      let error = #expect(throws: PolicyError.self) { try GripperState(statistics(bad)) }
      #expect(error?.description.contains("proprio") == true)
    }
  }

  @Test("a policy that is told answers differently where the gripper is elsewhere")
  func told() throws {
    let reference = try Reference("one-tower")
    let network = try reference.network()
    let policy = try LayerSkippingPolicy(
      network: network, method: LayerMethod("dense", keep: 1, depth: network.decoder.depth),
      unnormKey: reference.query.unnormKey)
    func ask(_ change: (inout Observation) -> Void) throws -> ActionChunk {
      var observation = reference.query.observation
      observation.images = [network.configuration.image.camera: reference.picture]
      change(&observation)
      let query = PolicyQuery(
        observation: observation, instruction: reference.query.instruction, step: 0, seed: 1)
      return try policy.predict(query).chunk
    }
    let answer = try ask { _ in }
    #expect(try ask { _ in } == answer)
    #expect(try ask { $0.gripperOpen = 1 } != answer)
    #expect(try ask { $0.gripperPose?.position.y += 0.1 } != answer)
    #expect(throws: PolicyError.missingGripper) { try ask { $0.gripperPose = nil } }
  }
}
