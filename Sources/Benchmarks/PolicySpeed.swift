package import Manipulation
internal import Statistics
package import TensorMath
package import VLAPolicy

/// How long one question takes, by part of the policy, with a method that skips layers.
package struct PolicySpeed: Sendable {
  package let precision: Precision
  package let method: LayerMethod
  package let layersRun: Int
  package let layerCount: Int
  /// Median seconds by part.
  package let seconds: [PolicyPart: Double]
  /// The median of the whole.
  package let totalSeconds: Double
  package let executed: MACCount
  /// The language model's time, router included: its median by that of `dense`.
  package let languageRatio: Double?
  package let torchSeconds: Double?

  package var ratio: Double? { torchSeconds.map { $0 / totalSeconds } }

  /// What the language model may take of the dense one's time: the share of layers that run, and
  /// two hundredths.
  package var allowedRatio: Double { Double(layersRun) / Double(layerCount) + 0.02 }
}

package struct PolicySpeeds: Sendable {
  package let speeds: [PolicySpeed]
  package let processorShare: Double
  package let torchVersion: String?

  /// - Parameter methods: The first of kind `dense` is what the others are held against, and what
  ///   PyTorch runs.
  /// - Throws: `BenchmarkError` or `PolicyError`.
  package init(
    _ setting: BenchmarkSetting, methods: [LayerMethod], progress: (Int, Int) -> Void
  ) throws {
    guard setting.tokens > setting.patchCount else {
      throw BenchmarkError.tooFewTokens(setting.tokens, patches: setting.patchCount)
    }
    try setting.checkMemory(of: Set(PolicyPart.allCases), in: setting.configuration)
    let runs = try setting.precisions.map { try PolicyRun($0, setting, methods) }
    let twins = try setting.twins("policy")
    var torchSeconds: [Precision: [Double]] = [:]
    var watch = Stopwatch()
    for turn in 0...setting.repetitions {
      progress(turn, setting.repetitions + 1)
      for run in runs { run.take(keeping: turn > 0, &watch) }
      for (precision, twin) in twins {
        Pause.betweenProcesses()
        let reading = try twin.run()
        if turn > 0 { torchSeconds[precision, default: []].append(reading.seconds) }
      }
      if !twins.isEmpty { Pause.betweenProcesses() }
    }
    speeds = runs.flatMap { run in
      run.speeds(torch: Sample(torchSeconds[run.precision.opponent] ?? []).median)
    }
    processorShare = watch.processorShare(threads: setting.threads)
    torchVersion = twins.values.first?.version
  }
}

/// A policy with made-up weights, and what each method took so far.
private final class PolicyRun {
  let precision: Precision
  private let network: VLANetwork
  private let selections: [(method: LayerMethod, selection: any LayerSelection)]
  private let input: ForwardInput
  private var queries: [[Query]]

  private struct Query {
    var seconds: Double
    var meter: ComputeMeter.Sample
    var mask: LayerMask

    var languageSeconds: Double {
      (meter.seconds[.router] ?? 0) + (meter.seconds[.languageLayers] ?? 0)
    }
  }

  init(_ precision: Precision, _ setting: BenchmarkSetting, _ methods: [LayerMethod]) throws {
    self.precision = precision
    let network = try VLANetwork(random: setting.configuration, precision: precision)
    self.network = network
    selections = try methods.map {
      ($0, try network.selection(for: $0, calibration: Calibration()))
    }
    let vocabularySize = setting.configuration.language.vocabularySize
    input = ForwardInput(
      picture: RGBImage(random: setting.configuration.image.size),
      promptIDs: (0..<setting.tokens - setting.patchCount).map { 1 + $0 % (vocabularySize - 1) },
      gripper: Array(
        repeating: 0.5, count: setting.configuration.gripper == nil ? 0 : GripperState.width),
      seed: 0)
    queries = methods.map { _ in [] }
  }

  /// One question to each method.
  func take(keeping: Bool, _ watch: inout Stopwatch) {
    for index in selections.indices {
      var (meter, traces) = (ComputeMeter(), [Trace(recording: false)])
      var mask = LayerMask(shares: [])
      let seconds = watch.seconds {
        mask =
          network.forward(
            [input], selection: selections[index].selection, meter: &meter, traces: &traces
          )[0].mask
      }
      if keeping {
        queries[index].append(Query(seconds: seconds, meter: meter.samples[0], mask: mask))
      }
    }
  }

  func speeds(torch: Double?) -> [PolicySpeed] {
    let dense = selections.firstIndex { $0.method.kind == .dense }
    let denseSeconds = dense.flatMap { Sample(queries[$0].map(\.languageSeconds)).median }
    return zip(selections, queries).enumerated().map { index, pair in
      let (method, taken) = (pair.0.method, pair.1)
      let language = Sample(taken.map(\.languageSeconds)).median
      return PolicySpeed(
        precision: precision, method: method,
        layersRun: taken.first?.mask.shares.count { $0 > 0 } ?? 0,
        layerCount: network.decoder.depth,
        seconds: Dictionary(
          uniqueKeysWithValues: PolicyPart.allCases.compactMap { part in
            Sample(taken.map { $0.meter.seconds[part] ?? 0 }).median.map { (part, $0) }
          }),
        totalSeconds: Sample(taken.map(\.seconds)).median ?? .nan,
        executed: taken.first?.meter.executed ?? MACCount(),
        languageRatio: denseSeconds.flatMap { dense in language.map { $0 / dense } },
        torchSeconds: index == dense ? torch : nil)
    }
  }
}
