import Manipulation
import TensorMath
import Testing
import VLAPolicy

/// Several questions in one pass, against the same questions asked one by one.
@Suite("Batched forward passes", .enabled(if: Precision.float32.ignoresOtherTokens))
struct BatchedForwardTests {
  static let methods = [
    "dense", "mole:3", "early-exit:0.6", "truncate:2", "static:4", "random:3", "mod:0.5", "mod:1",
  ]
  static let fixtures = ["cogact", "openvla", "one-tower"]

  @Test(
    "every sample of a batch gets what it gets alone, bit for bit, in any order",
    arguments: fixtures, methods)
  func alone(fixture: String, method: String) throws {
    for precision in Precision.allCases where precision.ignoresOtherTokens {
      let network = try VLANetwork(checkpoint: Reference(fixture).folder, precision: precision)
      let queries = try questions(fixture)
      let inputs = try queries.map { try input($0, network) }
      let selection = try selection(method, network, queries)
      let expected = inputs.map { forward([$0], network, selection)[0] }
      var generator = SeededGenerator(seed: 3)
      for size in [1, 2, 5, inputs.count, inputs.count] {
        let order = Array(inputs.indices.shuffled(using: &generator).prefix(size))
        let found = forward(order.map { inputs[$0] }, network, selection)
        for (sample, number) in order.enumerated() {
          #expect(found[sample] == expected[number], "\(precision), question \(number) of \(order)")
        }
      }
    }
  }

  @Test(
    "the samples of such a batch do run different layers and tokens",
    arguments: fixtures, ["random:3", "early-exit:0.6", "mod:0.5"])
  func various(fixture: String, method: String) throws {
    let network = try Reference(fixture).network()
    let queries = try questions(fixture)
    let found = forward(
      try queries.map { try input($0, network) }, network,
      try selection(method, network, queries))
    #expect(Set(found.map(\.tokenCount)).count >= 3)
    #expect(Set(found.map(\.mask.shares)).count >= 2)
    #expect(Set(found.map(\.actions)).count == queries.count)
  }

  @Test("the public code's router input, which replaces the embeddings, is each sample's own")
  func publicRouterInput() throws {
    let network = try Reference("cogact").network { $0.router?.input = .public }
    let queries = try questions("cogact")
    let inputs = try queries.map { try input($0, network) }
    let selection = try selection("mole:3", network, queries)
    #expect(
      forward(inputs, network, selection)
        == inputs.map { forward([$0], network, selection)[0] })
  }

  @Test("each sample's stages are those it has alone", arguments: fixtures, methods)
  func stages(fixture: String, method: String) throws {
    let network = try Reference(fixture).network()
    let queries = try questions(fixture)
    let inputs = try queries.map { try input($0, network) }
    let selection = try selection(method, network, queries)
    func traces(_ inputs: [ForwardInput]) -> [Trace] {
      var meter = ComputeMeter(sampleCount: inputs.count)
      var traces = inputs.map { _ in Trace(recording: true) }
      _ = network.forward(inputs, selection: selection, meter: &meter, traces: &traces)
      return traces
    }
    for (together, input) in zip(traces(inputs), inputs) {
      let alone = traces([input])[0]
      #expect(together.stages.map(\.name) == alone.stages.map(\.name))
      for (a, b) in zip(together.stages, alone.stages) {
        #expect(a.shape == b.shape && a.values == b.values, "\(a.name)")
      }
    }
  }

  @Test(
    "a question that cannot be answered has its error in its place and spoils no other",
    arguments: fixtures)
  func badQuestion(fixture: String) throws {
    let network = try Reference(fixture).network()
    let policy = try policy("mole:3", network)
    var queries = try questions(fixture)
    queries[2].observation.images = ["wrist": try Reference(fixture).picture]
    let found = policy.predict(queries)
    #expect(found.count == queries.count)
    for (index, query) in queries.enumerated() where index != 2 {
      let (together, alone) = (try found[index].get(), try policy.predict(query))
      #expect(together.chunk == alone.chunk)
      #expect(together.mask == alone.mask)
      #expect(together.compute == alone.compute)
      #expect(together.batch == queries.count - 1)
      #expect(alone.batch == 1)
    }
    #expect(throws: PolicyError.missingCamera(wanted: "front", found: ["wrist"])) {
      try found[2].get()
    }
    #expect(policy.predict([]).isEmpty)
    #expect(policy.predict([queries[2]]).count == 1)
    #expect(throws: PolicyError.self) { try policy.predict([queries[2]])[0].get() }
  }

  @Test("a batch's seconds are shared out, and none is lost")
  func seconds() throws {
    let policy = try policy("mole:3", try Reference("cogact").network())
    let queries = try questions("cogact")
    _ = policy.predict(queries)
    let start = ContinuousClock.now
    let found = try policy.predict(queries).map { try $0.get() }
    let elapsed = start.duration(to: .now) / .seconds(1)
    let total = found.reduce(0) { $0 + $1.totalSeconds }
    #expect(total <= elapsed && total > 0.8 * elapsed)
    for prediction in found {
      #expect(prediction.seconds.values.reduce(0, +) <= prediction.totalSeconds)
      #expect(Set(prediction.seconds.keys).isSuperset(of: [.vision, .router, .actionHead]))
    }
  }

  // MARK: Helpers

  /// All of an answer but the seconds.
  private struct Answer: Equatable {
    let actions: [Float]
    let mask: LayerMask
    let exitDifferences: [Float]
    let tokenCount: Int
    let executed: MACCount
  }

  private func forward(
    _ inputs: [ForwardInput], _ network: VLANetwork, _ selection: any LayerSelection
  ) -> [Answer] {
    var meter = ComputeMeter(sampleCount: inputs.count)
    var traces = inputs.map { _ in Trace(recording: false) }
    let results = network.forward(inputs, selection: selection, meter: &meter, traces: &traces)
    return zip(results, meter.samples).map { result, sample in
      Answer(
        actions: result.normalizedActions.elements, mask: result.mask,
        exitDifferences: result.exitDifferences, tokenCount: result.tokenCount,
        executed: sample.executed)
    }
  }

  /// Questions of different lengths about different pictures.
  private func questions(_ fixture: String) throws -> [PolicyQuery] {
    let reference = try Reference(fixture)
    let instructions = [
      reference.query.instruction, "open", "Put the red cup on the shelf and close the drawer",
      "Close the laptop lid", reference.query.instruction, "Lift it", "Close the laptop lid",
    ]
    return instructions.enumerated().map { index, instruction in
      var picture = reference.picture
      for place in picture.pixels.indices {
        picture.pixels[place] = picture.pixels[place] &+ UInt8((index * (37 + place / 50)) % 200)
      }
      var observation = reference.query.observation
      observation.images = ["front": picture]
      observation.gripperPose?.position.x += 0.01 * Double(index)
      return PolicyQuery(
        observation: observation, instruction: instruction, step: index, seed: UInt64(100 + index))
    }
  }

  private func input(_ query: PolicyQuery, _ network: VLANetwork) throws -> ForwardInput {
    let picture = try #require(query.observation.images["front"])
    let gripper = try network.gripperState(key: "synthetic")
    return ForwardInput(
      picture: picture, promptIDs: try network.promptIDs(query.instruction),
      gripper: try gripper?(query.observation) ?? [], seed: query.seed)
  }

  private func selection(
    _ method: String, _ network: VLANetwork, _ queries: [PolicyQuery]
  ) throws -> any LayerSelection {
    let method = try LayerMethod(method, keep: 1, depth: network.decoder.depth)
    return try network.selection(
      for: method, calibration: network.calibrate(method, on: queries, unnormKey: "synthetic"))
  }

  private func policy(_ method: String, _ network: VLANetwork) throws -> LayerSkippingPolicy {
    try LayerSkippingPolicy(
      network: network, method: LayerMethod(method, keep: 1, depth: network.decoder.depth),
      unnormKey: "synthetic")
  }
}
