package import Manipulation
internal import Statistics
package import TensorMath
internal import VLAPolicy

/// How long one picture takes through the towers and the projector.
package struct VisionSpeed: Sendable {
  package let precision: Precision
  /// `vision` (pre-processing and towers) or `projector`; `nil` is both.
  package let part: PolicyPart?
  /// A median, as all times.
  package let seconds: Double
  package let multiplyAccumulates: Int
  /// Multiply-accumulates a second of the part's products alone.
  package let productRate: Double
  package let torchSeconds: Double?

  package var rate: Double { Double(multiplyAccumulates) / seconds }
  package var shareOfPeak: Double { rate / productRate }
  package var ratio: Double? { torchSeconds.map { $0 / seconds } }
}

package struct VisionSpeeds: Sendable {
  package let speeds: [VisionSpeed]
  package let processorShare: Double
  package let torchVersion: String?

  /// - Throws: `BenchmarkError`.
  package init(_ setting: BenchmarkSetting, progress: (Int, Int) -> Void) throws {
    // The language model is not part of this.
    var small = setting.configuration.cut(toLayers: 1)
    small.language.vocabularySize = 512
    try setting.checkMemory(of: [.vision, .projector], in: small)
    var runs = try setting.precisions.map { try VisionRun(small, precision: $0) }
    let twins = try setting.twins("vision")
    var readings: [Precision: [TorchTwin.Reading]] = [:]
    var watch = Stopwatch()
    for turn in 0...setting.repetitions {
      progress(turn, setting.repetitions + 1)
      for index in runs.indices { runs[index].take(keeping: turn > 0, &watch) }
      for (precision, twin) in twins {
        Pause.betweenProcesses()
        let reading = try twin.run()
        if turn > 0 { readings[precision, default: []].append(reading) }
      }
      if !twins.isEmpty { Pause.betweenProcesses() }
    }
    speeds = runs.flatMap { run in
      [[PolicyPart.vision], [.projector], [.vision, .projector]].map {
        run.speed(of: $0, torch: readings[run.precision.opponent] ?? [])
      }
    }
    processorShare = watch.processorShare(threads: setting.threads)
    torchVersion = twins.values.first?.version
  }
}

/// Towers and a projector with made-up weights, and what they took so far.
private struct VisionRun {
  let precision: Precision
  private let features: VisionFeatures
  private let picture: RGBImage
  private var products: [PolicyPart: [BareProducts]] = [:]
  private var meters: [ComputeMeter.Sample] = []
  private var productSeconds: [[PolicyPart: Double]] = []

  init(_ configuration: Configuration, precision: Precision) throws {
    self.precision = precision
    features = try VisionFeatures(random: configuration, precision: precision)
    picture = RGBImage(random: configuration.image.size)
    for part in [PolicyPart.vision, .projector] {
      products[part] = features.bareProducts(of: part)
    }
  }

  /// One picture, then the products alone.
  mutating func take(keeping: Bool, _ watch: inout Stopwatch) {
    var (meter, traces) = (ComputeMeter(), [Trace(recording: false)])
    _ = watch.seconds { _ = features([picture], meter: &meter, traces: &traces) }
    var taken: [PolicyPart: Double] = [:]
    for (part, var sets) in products {
      taken[part] = watch.seconds { for index in sets.indices { sets[index].run() } }
    }
    guard keeping else { return }
    meters.append(meter.samples[0])
    productSeconds.append(taken)
  }

  func speed(of parts: [PolicyPart], torch: [TorchTwin.Reading]) -> VisionSpeed {
    func median(_ turns: [(PolicyPart) -> Double?]) -> Double? {
      Sample(turns.map { turn in parts.reduce(0) { $0 + (turn($1) ?? 0) } }).median
    }
    let productMACs = parts.flatMap { products[$0] ?? [] }.reduce(0) { $0 + $1.multiplyAccumulates }
    return VisionSpeed(
      precision: precision, part: parts.count == 1 ? parts[0] : nil,
      seconds: median(meters.map { meter in { meter.seconds[$0] } }) ?? .nan,
      multiplyAccumulates: parts.reduce(0) { $0 + (meters.first?.executed[$1] ?? 0) },
      productRate: Double(productMACs)
        / (median(productSeconds.map { turn in { turn[$0] } }) ?? .nan),
      torchSeconds: median(torch.map { reading in { reading.parts[$0.rawValue] } }))
  }
}

extension RGBImage {
  /// A square picture of coloured noise.
  init(random size: Int) {
    var generator = SeededGenerator(seed: 1)
    self.init(
      width: size, height: size,
      pixels: (0..<size * size * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
  }
}
