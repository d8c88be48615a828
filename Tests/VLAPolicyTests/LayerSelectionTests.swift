import Checkpoints
import Manipulation
import TensorMath
import Testing
import VLAPolicy

@Suite struct LayerSelectionTests {
  @Test(
    "with all layers kept each kind equals the dense model bit for bit",
    arguments: [
      "mole:6", "truncate:6", "random:6", "static:6", "mod:1", "early-exit:1.0", "mole:100%",
    ])
  func allKept(method: String) throws {
    let dense = try run("dense")
    let other = try run(method)
    #expect(other.result.normalizedActions == dense.result.normalizedActions)
    #expect(other.stages["hidden"]?.values == dense.stages["hidden"]?.values)
    #expect(other.result.mask == .dense(6))
  }

  @Test("the public code's input differs from the dense model even with all layers kept")
  func publicInput() throws {
    let reference = try Reference("cogact")
    let network = try reference.network { $0.router?.input = .public }
    let method = try LayerMethod("mole:6", keep: 1, depth: 6)
    let selection = try network.selection(for: method, calibration: Calibration())
    let other = try reference.run(
      network, selection: selection, against: reference.trace("dense"))
    #expect(other.result.normalizedActions != (try run("dense")).result.normalizedActions)
  }

  @Test("a skipped layer leaves the state alone")
  func skippedLayer() throws {
    let stages = try run("truncate:3").stages
    #expect(stages["layers.3"]?.values == stages["layers.2"]?.values)
    #expect(stages["layers.2"]?.values != stages["layers.1"]?.values)
  }

  @Test("random layers depend on the seed alone, and every layer gets its turn")
  func randomLayers() {
    let selection = RandomSelection(keep: 3)
    let masks = (0..<200).map { chosen(selection, seed: $0) }
    #expect(masks == (0..<200).map { chosen(selection, seed: $0) })
    #expect(masks.allSatisfy { $0.count(where: \.self) == 3 })
    for layer in 0..<6 {
      #expect(70...130 ~= masks.count { $0[layer] }, "layer \(layer)")
    }
  }

  @Test("Mixture-of-Depths keeps ⌈capacity · n⌉ tokens, the last among them, ties by lowest row")
  func depthRows() {
    #expect(MixtureOfDepthsSelection.chosenRows(scores: [3, 1, 2, 9], capacity: 0.5) == [0, 3])
    #expect(MixtureOfDepthsSelection.chosenRows(scores: [3, 4, 2, 0], capacity: 0.5) == [1, 3])
    #expect(
      MixtureOfDepthsSelection.chosenRows(scores: [1, 1, 1, 1, 1], capacity: 0.5) == [0, 1, 4])
    #expect(MixtureOfDepthsSelection.chosenRows(scores: [5], capacity: 0.1) == [0])
  }

  @Test("the largest values win, and among equals the lowest index")
  func largest() {
    #expect(indicesOfLargest(2, in: [1, 3, 3, 3]) == [1, 2])
    #expect(indicesOfLargest(0, in: [1, 2]) == [])
  }

  @Test("block influence orders layers as the reference's trace does")
  func blockInfluence() throws {
    let reference = try Reference("cogact")
    let network = try reference.network()
    let trace = try reference.trace("dense")
    let expected = try trace.floats("block_influence")
    let states = ["embeddings"] + (0..<6).map { "layers.\($0)" }
    for layer in 0..<6 {
      let found = BlockInfluence.influence(
        from: try trace.floats(states[layer]), to: try trace.floats(states[layer + 1]),
        width: network.configuration.language.width)
      #expect(abs(found - expected[layer]) < 1e-5)
    }
    #expect(BlockInfluence.order([[0.1, 0.9, 0.3], [0.2, 0.8, 0.3]]) == [1, 2, 0])
  }

  private func chosen(_ selection: some LayerSelection, seed: UInt64) -> [Bool] {
    var counter = MACCounter()
    var trace = Trace(recording: false)
    let empty = Matrix(rows: 4, columns: 2)
    let input = RoutingInput(
      embeddings: empty, imageTokens: 1..<3, layerCount: 6,
      seed: seed, finalNorm: { $0 })
    return selection.layers(for: input, counting: &counter, trace: &trace)
  }

  private func run(_ method: String) throws -> (stages: Trace, result: ForwardResult) {
    let reference = try Reference("cogact")
    let network = try reference.network()
    let method = try LayerMethod(method, keep: 1, depth: network.decoder.depth)
    let calibration = Calibration(staticOrder: [5, 0, 2, 1, 3, 4])
    let selection = try network.selection(for: method, calibration: calibration)
    let run = try reference.run(network, selection: selection, against: reference.trace("dense"))
    return (run.stages, run.result)
  }
}
