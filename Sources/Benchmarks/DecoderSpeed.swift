internal import Manipulation
internal import NeuralLayers
internal import Statistics
package import TensorMath
internal import VLAPolicy

/// How long the layers of a language model take over a prefill, beside their products alone.
package struct DecoderSpeed: Sendable {
  package let precision: Precision
  package let layers: Int
  /// Median seconds of all layers, by the number of layers.
  package let secondsPerLayer: Double
  package let multiplyAccumulatesPerLayer: Int
  /// Multiply-accumulates a second of each of a layer's products alone: query, key, value, output,
  /// gate, up, down.
  package let productRates: [Double]
  /// Multiply-accumulates a second of all products together.
  package let productRate: Double
  package let torchSecondsPerLayer: Double?

  /// Multiply-accumulates a second.
  package var rate: Double { Double(multiplyAccumulatesPerLayer) / secondsPerLayer }

  package var shareOfPeak: Double { rate / productRate }

  /// PyTorch's time by ours.
  package var ratio: Double? { torchSecondsPerLayer.map { $0 / secondsPerLayer } }

  package static let productNames = ["query", "key", "value", "output", "gate", "up", "down"]
}

/// Measurements of several precisions, and of PyTorch, in turn.
package struct DecoderSpeeds: Sendable {
  package let speeds: [DecoderSpeed]
  package let processorShare: Double
  package let torchVersion: String?

  /// - Parameter progress: Called with the turns that are done; the first is the one for nobody.
  /// - Throws: `BenchmarkError`.
  package init(_ setting: BenchmarkSetting, progress: (Int, Int) -> Void) throws {
    // Embeddings are looked up before the first layer; here a small table will do.
    var small = setting.configuration
    small.language.vocabularySize = 512
    try setting.checkMemory(of: [.languageLayers], in: small)
    var runs = try setting.precisions.map {
      try DecoderRun(small, precision: $0, tokens: setting.tokens)
    }
    let twins = try setting.twins("decoder")
    var torchSeconds: [Precision: [Double]] = [:]
    var watch = Stopwatch()
    for turn in 0...setting.repetitions {
      progress(turn, setting.repetitions + 1)
      for index in runs.indices { runs[index].take(keeping: turn > 0, &watch) }
      for (precision, twin) in twins {
        Pause.betweenProcesses()
        let reading = try twin.run()
        if turn > 0 { torchSeconds[precision, default: []].append(reading.seconds) }
      }
      if !twins.isEmpty { Pause.betweenProcesses() }
    }
    speeds = runs.map { run in
      run.speed(torch: Sample(torchSeconds[run.precision.opponent] ?? []).median)
    }
    processorShare = watch.processorShare(threads: setting.threads)
    torchVersion = twins.values.first?.version
  }
}

/// Layers with made-up weights, and what they took so far.
private struct DecoderRun {
  let precision: Precision
  private let decoder: LanguageDecoder
  private let input: Matrix
  private let rotation: RotaryEmbedding
  private var scratch: LayerScratch
  private var products: BareProducts
  private var seconds: [Double] = []
  private var productSeconds: [[Double]]
  private var counter = MACCounter()

  init(_ configuration: Configuration, precision: Precision, tokens: Int) throws {
    self.precision = precision
    decoder = try LanguageDecoder(random: configuration, precision: precision)
    input = decoder.embed((0..<tokens).map { $0 % configuration.language.vocabularySize })
    rotation = decoder.rotation(positions: Array(0..<tokens))
    scratch = decoder.scratch
    products = BareProducts(
      (0..<decoder.depth).flatMap(decoder.products(ofLayer:)), tokenCount: tokens)
    productSeconds = Array(repeating: [], count: products.count)
  }

  /// One pass through the layers, then their products alone.
  mutating func take(keeping: Bool, _ watch: inout Stopwatch) {
    var hidden = input
    var caches: [KeyValueCache]?
    counter = MACCounter()
    let taken = watch.seconds {
      for layer in 0..<decoder.depth {
        decoder.run(
          layer, on: &hidden, sequences: [0..<hidden.rows], rotation: rotation, caches: &caches,
          scratch: &scratch, counting: &counter)
      }
    }
    let parts = (0..<products.count).map { index in watch.seconds { products.run(index) } }
    guard keeping else { return }
    seconds.append(taken)
    for index in parts.indices { productSeconds[index].append(parts[index]) }
  }

  func speed(torch: Double?) -> DecoderSpeed {
    let depth = decoder.depth
    let medians = productSeconds.map { Sample($0).median ?? .nan }
    let macs = medians.indices.map(products.multiplyAccumulates)
    let kinds = DecoderSpeed.productNames.count
    let rates = (0..<kinds).map { kind in
      let own = medians.indices.filter { $0 % kinds == kind }
      return Double(own.reduce(0) { $0 + macs[$1] }) / own.reduce(0) { $0 + medians[$1] }
    }
    let turns = seconds.indices.map { turn in productSeconds.reduce(0) { $0 + $1[turn] } }
    return DecoderSpeed(
      precision: precision, layers: depth,
      secondsPerLayer: (Sample(seconds).median ?? .nan) / Double(depth),
      multiplyAccumulatesPerLayer: counter.count / depth, productRates: rates,
      productRate: Double(macs.reduce(0, +)) / (Sample(turns).median ?? .nan),
      torchSecondsPerLayer: torch.map { $0 / Double(depth) })
  }
}
