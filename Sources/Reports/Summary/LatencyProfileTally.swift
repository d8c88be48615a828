internal import Manipulation
internal import Outcomes
internal import Statistics

/// Collects the latencies of one method.
struct LatencyProfileTally {
  private let warmupQueries: Int
  private let confidence: Double
  private var batchedQueries = 0
  private var seconds: [Int: [Double]] = [:]
  /// Of episodes all of whose queries were timed alone.
  private var timed = (actions: 0.0, seconds: 0.0)

  init(method: MethodDescription, confidence: Double) {
    warmupQueries = method.warmupQueries
    self.confidence = confidence
  }

  mutating func add(_ outcome: EpisodeOutcome) {
    var (waited, isTimed) = (0.0, true)
    for query in outcome.queries {
      guard let timing = query.timing, timing.batch ?? 1 == 1 else {
        batchedQueries += query.timing == nil ? 0 : 1
        isTimed = false
        continue
      }
      waited += timing.totalSeconds
      seconds[LatencyProfileTally.layers(of: query), default: []].append(timing.totalSeconds)
    }
    guard isTimed, let actions = outcome.actions else { return }
    timed = (timed.actions + Double(actions), timed.seconds + waited)
  }

  /// Layers that saw some of the tokens count for that share.
  private static func layers(of query: QueryOutcome) -> Int {
    Int(query.layers.shares.reduce(0, +).rounded())
  }

  /// `nil` where nothing was timed.
  var profile: LatencyProfile? {
    guard !seconds.isEmpty || batchedQueries > 0 else { return nil }
    let layers = seconds.keys.sorted()
    return LatencyProfile(
      warmupQueries: warmupQueries, batchedQueries: batchedQueries,
      all: row(nil, layers.flatMap { seconds[$0, default: []] }),
      byLayers: layers.compactMap { row($0, seconds[$0, default: []]) },
      actionRate: timed.seconds > 0 ? timed.actions / timed.seconds : nil)
  }

  private func row(_ layers: Int?, _ seconds: [Double]) -> LatencyRow? {
    let sample = Sample(seconds)
    guard let mean = sample.mean, let ends = sample.quantiles([0.5, 0.9, 0.95, 0.99, 1]) else {
      return nil
    }
    let misses = LatencyRow.rates.compactMap { rate in
      let late = seconds.count { $0 > 1 / rate }
      return Proportion(wilson: late, of: seconds.count, confidence: confidence)
    }
    return LatencyRow(
      layers: layers, queries: sample.count, mean: mean, p50: ends[0], p90: ends[1], p95: ends[2],
      p99: ends[3], max: ends[4], misses: misses)
  }
}
