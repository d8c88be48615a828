import Manipulation
import NeuralLayers
import TensorMath
import Testing
import VLAPolicy

/// FactorLLM's planted-topic benchmark: each token belongs to a topic, and each expert answers to one.
@Suite struct RouterFittingTests {
  private static let width = 64
  private static let topics = 4
  private static let neurons = 512

  /// Tokens near one of four directions, and a block whose experts see one direction each.
  private struct Planted {
    let tokens: Matrix
    let block: FactorizedFeedForward

    init(tokenCount: Int, seed: UInt64) throws {
      var generator = SeededGenerator(seed: seed)
      let (width, topics) = (RouterFittingTests.width, RouterFittingTests.topics)
      func random(_ rows: Int, _ columns: Int) -> Matrix {
        let scale = 1 / Float(columns).squareRoot()
        return Matrix(
          rows: rows, columns: columns,
          elements: (0..<rows * columns).map { _ in scale * generator.gaussian() })
      }
      let centres = random(topics, width)
      var tokens = random(tokenCount, width)
      for token in 0..<tokenCount {
        let topic = token % topics
        for column in 0..<width {
          tokens.elements[token * width + column] =
            0.5 * tokens.elements[token * width + column]
            + 2 * centres.elements[topic * width + column]
        }
      }
      self.tokens = tokens
      let own = RouterFittingTests.neurons / topics
      let experts = (0..<topics).map { topic in
        // An expert's gates open along its topic's direction.
        var gate = random(own, width)
        for row in 0..<own {
          for column in 0..<width {
            gate.elements[row * width + column] =
              0.3 * gate.elements[row * width + column]
              + 1.5 * centres.elements[topic * width + column]
          }
        }
        return GatedFeedForward(
          gate: Linear(weight: gate), up: Linear(weight: random(own, width)),
          down: Linear(weight: random(width, own)))
      }
      block = FactorizedFeedForward(
        experts: experts, router: Linear(weight: Matrix(rows: topics, columns: width)),
        routing: ExpertRouting(count: 1))
    }
  }

  @Test(
    "a fitted router closes most of the way from random experts to the label",
    arguments: [(1, 0.9), (2, 0.85), (3, 0.85)])
  func fitted(topK: Int, share: Double) throws {
    let planted = try Planted(tokenCount: 8000, seed: 7)
    var fitting = RouterFitting(topK: topK)
    fitting.updates = 1500
    fitting.batch = 256
    fitting.heldOut = 0.25
    let result = fitting.fit(planted.tokens, block: planted.block)
    #expect(result.labelError < result.randomError)
    let closed =
      (result.randomError - result.routerError) / (result.randomError - result.labelError)
    #expect(closed >= share, "\(closed)")
    #expect(result.agreement > Double(topK) / 4)
  }

  @Test("with the public code's k / E at one expert the fitted router is worse than chance")
  func shrunk() throws {
    let planted = try Planted(tokenCount: 8000, seed: 7)
    var fitting = RouterFitting(topK: 1)
    fitting.updates = 1500
    fitting.batch = 256
    fitting.heldOut = 0.25
    fitting.shrinking = 1 / 4
    let result = fitting.fit(planted.tokens, block: planted.block)
    #expect(result.routerError > result.randomError)
  }

  @Test("the same seed fits the same router")
  func repeats() throws {
    let planted = try Planted(tokenCount: 400, seed: 8)
    var fitting = RouterFitting(topK: 2)
    fitting.updates = 20
    let first = fitting.fit(planted.tokens, block: planted.block)
    let second = fitting.fit(planted.tokens, block: planted.block)
    #expect(first.weight == second.weight && first.bias == second.bias)
  }
}
