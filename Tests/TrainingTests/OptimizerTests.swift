import Foundation
import Manipulation
import TensorMath
import Testing
import Training
import VLAPolicy

@Suite("The optimiser")
struct OptimizerTests {
  /// What `Scripts/fixtures/optimizer.py` lets PyTorch compute.
  private struct Reference: Decodable {
    struct Update: Decodable {
      private enum CodingKeys: String, CodingKey {
        case gradient
        case norm
        case learningRate = "learning_rate"
        case parameters
        case mean
      }

      var gradient: [Float]
      var norm: Double
      var learningRate: Double
      var parameters: [Float]
      var mean: [Float]
    }
    var options: OptimizerOptions
    var ema: Double
    var start: [Float]
    var updates: [Update]
  }

  private static func reference() throws -> Reference {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    return try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: folder.appending(path: "optimizer.json")))
  }

  private static let layout = ParameterLayout([
    Parameter(name: "a.weight", shape: [5, 4], part: .projector, start: .constant(0)),
    Parameter(name: "a.bias", shape: [5], part: .projector, start: .constant(0)),
    Parameter(name: "b.weight", shape: [2, 3], part: .router, start: .constant(0)),
  ])

  @Test("decay, clipping, learning rate and running mean follow PyTorch's, update by update")
  func torch() throws {
    let reference = try Self.reference()
    let optimizer = AdamW(
      reference.options, updates: reference.updates.count, layout: Self.layout)
    let parameters = FloatStorage(reference.start)
    let mean = FloatStorage(reference.start)
    let moments = AdamWMoments(count: parameters.count)
    for (update, expected) in reference.updates.enumerated() {
      let gradient = FloatStorage(expected.gradient)
      let norm = OptimizerKernels.sum([gradient], scale: 1).squareRoot()
      #expect(abs(norm - expected.norm) <= 1e-6 * expected.norm)
      #expect(abs(optimizer.learningRate(update: update) - expected.learningRate) < 1e-12)
      optimizer.step(
        parameters, moments: moments, gradient: gradient, norm: norm, update: update)
      OptimizerKernels.blend(
        mean, towards: parameters,
        share: Float(1 - Trainer.keptShare(of: reference.ema, update: update)))
      #expect(largest(parameters.values, expected.parameters) < 1e-6)
      #expect(largest(mean.values, expected.mean) < 1e-6)
    }
  }

  private func largest(_ one: [Float], _ two: [Float]) -> Float {
    zip(one, two).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test("lanes are added in their order and scaled; the sum of squares is that of the result")
  func sum() {
    let count = 100_003
    let lanes = (0..<3).map { lane in
      FloatStorage((0..<count).map { Float(($0 * 31 + lane * 17) % 101) / 50 - 1 })
    }
    let values = lanes.map(\.values)
    let expected = (0..<count).map { (values[0][$0] + values[1][$0] + values[2][$0]) * 0.25 }
    let squares = OptimizerKernels.sum(lanes, scale: 0.25)
    #expect(lanes[0].values == expected)
    let exact = expected.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares - exact) < 1e-9 * exact)
  }

  @Test("matrices and convolutions decay; norms, biases and embeddings do not")
  func decay() throws {
    let layout = ParameterLayout(Preset.nano.configuration().parameters)
    let decaying = layout.decayingNames
    #expect(decaying.contains { $0.hasSuffix("layers.0.self_attn.q_proj.weight") })
    #expect(decaying.contains { $0.hasSuffix("patch_embed.proj.weight") })
    for suffix in ["norm.weight", ".bias", "embed_tokens.weight", "pos_embed", "uncondition"] {
      #expect(!decaying.contains { $0.hasSuffix(suffix) }, "\(suffix)")
    }
  }

  @Test("the learning rate rises straight to its height and falls to its end")
  func schedule() {
    var options = OptimizerOptions()
    (options.learningRate, options.warmup, options.finalShare) = (1, 4, 0.2)
    let rates = (0..<104).map { options.learningRate(update: $0, of: 104) }
    #expect(rates.prefix(4) == [0.25, 0.5, 0.75, 1])
    #expect(rates[4] == 1)
    #expect(abs(rates[54] - 0.6) < 1e-12)
    #expect(rates[103] > 0.2 && rates[103] < 0.201)
    #expect(zip(rates.dropFirst(4), rates.dropFirst(5)).allSatisfy { $0 >= $1 })
    options.schedule = .constant
    #expect(options.learningRate(update: 103, of: 104) == 1)
  }
}
