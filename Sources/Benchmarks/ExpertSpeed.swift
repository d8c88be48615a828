internal import Manipulation
internal import NeuralLayers
internal import Statistics
package import TensorMath
internal import VLAPolicy

/// How long a decoder layer takes whose feed-forward block is whole, or in experts of which a token
/// gets some.
package struct ExpertSpeed: Sendable {
  package let precision: Precision
  /// Experts of a token; `nil` for the whole block.
  package let topK: Int?
  /// The share of the experts that a token gets.
  package let share: Double
  /// Median seconds of the feed-forward block alone, its norm and its router included.
  package let feedForwardSeconds: Double
  /// Median seconds of the whole layer.
  package let layerSeconds: Double
  /// Multiply-accumulates of the layer, counted.
  package let layerMACs: Int
  /// Both seconds by those of the whole block, medians of the ratios turn by turn.
  package let feedForwardRatio: Double
  package let layerRatio: Double
  /// The share of the whole layer's time that its feed-forward block takes.
  package let feedForwardShare: Double

  /// How much faster the layer is.
  package var gain: Double { 1 / layerRatio }
  /// How much faster it could be if the block took its share of the time (Amdahl).
  package var bound: Double { 1 / (1 - feedForwardShare * (1 - share)) }
}

/// Measurements of whole blocks and of experts, in turn.
package struct ExpertSpeeds: Sendable {
  package let experts: Int
  package let speeds: [ExpertSpeed]
  package let processorShare: Double

  /// - Parameter progress: Called with the turns that are done; the first is the one for nobody.
  /// - Throws: `BenchmarkError`, `PolicyError` for experts that do not share the neurons evenly.
  package init(
    _ setting: BenchmarkSetting, experts: Int, progress: (Int, Int) -> Void
  ) throws {
    self.experts = experts
    var small = setting.configuration
    small.language.vocabularySize = 512
    var cut = small
    cut.language.factorization = FactorizationConfiguration(experts: experts, topK: experts)
    try setting.checkMemory(of: [.languageLayers], in: small)
    var watch = Stopwatch()
    var speeds: [ExpertSpeed] = []
    for (number, precision) in setting.precisions.enumerated() {
      var runs = [try ExpertRunner(small, topK: nil, precision, tokens: setting.tokens)]
      let shared = try ExpertRunner(cut, topK: experts, precision, tokens: setting.tokens)
      runs += (1...experts).reversed().map(shared.giving)
      let turns = setting.repetitions + 1
      for turn in 0..<turns {
        progress(number * turns + turn, setting.precisions.count * turns)
        for index in runs.indices { runs[index].take(keeping: turn > 0, &watch) }
      }
      speeds += runs.map { $0.speed(beside: runs[0], experts: experts, precision) }
    }
    self.speeds = speeds
    processorShare = watch.processorShare(threads: setting.threads)
  }
}

/// Layers with made-up weights, and what they took so far.
private struct ExpertRunner {
  private var topK: Int?
  private let decoder: LanguageDecoder
  private let input: Matrix
  private let rotation: RotaryEmbedding
  private var scratch: LayerScratch
  private var layerSeconds: [Double] = []
  private var feedForwardSeconds: [Double] = []
  private var counter = MACCounter()

  init(_ configuration: Configuration, topK: Int?, _ precision: Precision, tokens: Int) throws {
    decoder = try LanguageDecoder(random: configuration, precision: precision)
    input = decoder.embed((0..<tokens).map { $0 % configuration.language.vocabularySize })
    rotation = decoder.rotation(positions: Array(0..<tokens))
    scratch = decoder.scratch
    self.topK = topK
    scratch.experts = ExpertRun(count: topK)
  }

  /// The same layers, of whose experts a token gets so many.
  func giving(_ topK: Int) -> ExpertRunner {
    var other = self
    other.topK = topK
    other.scratch.experts = ExpertRun(count: topK)
    return other
  }

  mutating func take(keeping: Bool, _ watch: inout Stopwatch) {
    var hidden = input
    var caches: [KeyValueCache]?
    counter = MACCounter()
    let layers = watch.seconds {
      for layer in 0..<decoder.depth {
        decoder.run(
          layer, on: &hidden, sequences: [0..<hidden.rows], rotation: rotation, caches: &caches,
          scratch: &scratch, counting: &counter)
      }
    }
    var uncounted = MACCounter()
    let blocks = watch.seconds {
      for layer in 0..<decoder.depth {
        decoder.addFeedForward(
          ofLayer: layer, to: &hidden, scratch: &scratch, counting: &uncounted)
      }
    }
    guard keeping else { return }
    layerSeconds.append(layers / Double(decoder.depth))
    feedForwardSeconds.append(blocks / Double(decoder.depth))
  }

  func speed(beside dense: ExpertRunner, experts: Int, _ precision: Precision) -> ExpertSpeed {
    func median(_ values: [Double]) -> Double { Sample(values).median ?? .nan }
    func ratio(_ own: [Double], _ other: [Double]) -> Double {
      median(zip(own, other).map { $0 / $1 })
    }
    return ExpertSpeed(
      precision: precision, topK: topK, share: Double(topK ?? experts) / Double(experts),
      feedForwardSeconds: median(feedForwardSeconds), layerSeconds: median(layerSeconds),
      layerMACs: counter.count / decoder.depth,
      feedForwardRatio: ratio(feedForwardSeconds, dense.feedForwardSeconds),
      layerRatio: ratio(layerSeconds, dense.layerSeconds),
      feedForwardShare: ratio(dense.feedForwardSeconds, dense.layerSeconds))
  }
}
