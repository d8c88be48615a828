internal import Manipulation
internal import Outcomes
internal import Statistics

/// Collects outcomes of one group of episodes and summarises them.
struct GroupTally {
  private let confidence: Double
  private var episodes = 0
  private var queries = 0
  private var invalidAnswers = 0
  private var matches = 0
  private var agreements = 0
  private var episodeMatchRates: [Double] = []
  private var positionErrors: [Double] = []
  private var rotationErrors: [Double] = []
  private var layerSums: [Double]
  // Sums are floating-point: a hostile journal's counts must not overflow.
  private var nominal: [PolicyPart: Double] = [:]
  private var executed: [PolicyPart: Double] = [:]
  private var totalSeconds: [Double] = []
  private var languageModelSeconds: [Double] = []
  private var partSeconds: [PolicyPart: [Double]] = [:]

  init(layerCount: Int, confidence: Double) {
    layerSums = [Double](repeating: 0, count: layerCount)
    self.confidence = confidence
  }

  mutating func add(_ outcome: EpisodeOutcome) {
    episodes += 1
    if !outcome.queries.isEmpty {
      let matching = outcome.queries.count { $0.keyframeMatch == true }
      episodeMatchRates.append(Double(matching) / Double(outcome.queries.count))
    }
    for query in outcome.queries { add(query) }
  }

  private mutating func add(_ query: QueryOutcome) {
    queries += 1
    invalidAnswers += query.failure == .invalidAction ? 1 : 0
    matches += query.keyframeMatch == true ? 1 : 0
    agreements += query.gripperAgreement == true ? 1 : 0
    if let error = query.positionError { positionErrors.append(error) }
    if let error = query.rotationError { rotationErrors.append(error) }
    for (layer, share) in query.layers.shares.enumerated() { layerSums[layer] += Double(share) }
    for part in PolicyPart.allCases {
      nominal[part, default: 0] += Double(query.compute.nominal[part])
      executed[part, default: 0] += Double(query.compute.executed[part])
    }
    if let timing = query.timing { add(timing) }
  }

  private mutating func add(_ timing: QueryTiming) {
    totalSeconds.append(timing.totalSeconds)
    languageModelSeconds.append(
      timing.seconds[.router, default: 0] + timing.seconds[.languageLayers, default: 0])
    for part in PolicyPart.allCases {
      partSeconds[part, default: []].append(timing.seconds[part, default: 0])
    }
  }

  func summary(name: String) -> GroupSummary {
    let count = Double(queries)
    let usage = queries == 0 ? [] : layerSums.map { $0 / count }
    return GroupSummary(
      name: name, episodes: episodes, queries: queries, invalidAnswers: invalidAnswers,
      keyframeMatch: matchProportion, episodeMatchRate: Sample(episodeMatchRates).mean,
      positionError: center(positionErrors), rotationError: center(rotationErrors),
      gripperAgreement: queries == 0 ? nil : Double(agreements) / count,
      layersExecuted: queries == 0 ? nil : layerSums.reduce(0, +) / count, layerUsage: usage,
      nominal: mean(nominal), executed: mean(executed), latency: latencySummary,
      againstDense: nil)
  }

  private var matchProportion: Proportion? {
    ProportionInterval.wilson(successes: matches, trials: queries, confidence: confidence)
      .map { Proportion(rate: $0.estimate, lower: $0.lower, upper: $0.upper) }
  }

  private func center(_ values: [Double]) -> Center? {
    let sample = Sample(values)
    guard let median = sample.median, let mean = sample.mean else { return nil }
    return Center(median: median, mean: mean)
  }

  private func mean(_ sums: [PolicyPart: Double]) -> MeanMACs? {
    guard queries > 0 else { return nil }
    return MeanMACs(parts: sums.mapValues { $0 / Double(queries) })
  }

  private var latencySummary: LatencySummary? {
    guard let total = latency(totalSeconds), let languageModel = latency(languageModelSeconds)
    else { return nil }
    return LatencySummary(
      total: total, languageModel: languageModel, parts: partSeconds.compactMapValues(latency))
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
