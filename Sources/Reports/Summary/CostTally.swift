internal import Manipulation
internal import Outcomes
internal import Statistics

/// Sums of multiply-accumulates, one a part.
struct PartSums {
  private var sums = [Double](repeating: 0, count: PolicyPart.allCases.count)

  mutating func add(_ count: MACCount) {
    for (index, part) in PolicyPart.allCases.enumerated() { sums[index] += Double(count[part]) }
  }

  /// `nil` without queries.
  func mean(over queries: Int) -> MeanMACs? {
    guard queries > 0 else { return nil }
    let means = sums.map { $0 / Double(queries) }
    return MeanMACs(
      parts: Dictionary(uniqueKeysWithValues: zip(PolicyPart.allCases, means)))
  }
}

/// Collects measured times.
struct LatencyTally {
  private var total: [Double] = []
  private var languageModel: [Double] = []
  private var largestBatch = 1
  private var parts = [[Double]](repeating: [], count: PolicyPart.allCases.count)

  mutating func add(_ timing: QueryTiming) {
    total.append(timing.totalSeconds)
    largestBatch = max(largestBatch, timing.batch ?? 1)
    languageModel.append(
      timing.seconds[.router, default: 0] + timing.seconds[.languageLayers, default: 0])
    for (index, part) in PolicyPart.allCases.enumerated() {
      parts[index].append(timing.seconds[part, default: 0])
    }
  }

  /// `nil` without times.
  var summary: LatencySummary? {
    guard let total = latency(total), let languageModel = latency(languageModel)
    else { return nil }
    let byPart = zip(PolicyPart.allCases, parts.map(latency)).compactMap { part, latency in
      latency.map { (part, $0) }
    }
    return LatencySummary(
      total: total, languageModel: languageModel,
      parts: Dictionary(uniqueKeysWithValues: byPart),
      batch: largestBatch == 1 ? nil : largestBatch)
  }

  private func latency(_ seconds: [Double]) -> Latency? {
    let sample = Sample(seconds)
    guard let mean = sample.mean, let quantiles = sample.quantiles([0.5, 0.95]) else { return nil }
    return Latency(mean: mean, p50: quantiles[0], p95: quantiles[1])
  }
}

extension MeanMACs {
  init(parts: [PolicyPart: Double]) {
    self.parts = parts
    languageModel = parts[.router, default: 0] + parts[.languageLayers, default: 0]
    total = PolicyPart.allCases.reduce(0) { $0 + parts[$1, default: 0] }
  }
}
