internal import Manipulation
internal import Statistics

extension GroupSummary {
  /// The unweighted mean of `groups`, number by number, over the groups that have the number.
  init(meanOf groups: [GroupSummary], name: String = "mean over tasks") {
    let filled = groups.filter { $0.queries > 0 }
    func mean(_ value: (GroupSummary) -> Double?) -> Double? {
      Sample(filled.compactMap(value)).mean
    }
    self.init(
      name: name, episodes: GroupSummary.sum(groups, \.episodes),
      queries: GroupSummary.sum(groups, \.queries),
      invalidAnswers: GroupSummary.sum(groups, \.invalidAnswers),
      closedLoop: SuccessSummary(meanOf: groups.compactMap(\.closedLoop)),
      openLoop: SuccessSummary(meanOf: groups.compactMap(\.openLoop)),
      keyframeMatch: mean { $0.keyframeMatch?.rate }.map { Proportion(rate: $0) },
      episodeMatchRate: mean(\.episodeMatchRate),
      positionError: Center(meanOf: filled.compactMap(\.positionError)),
      rotationError: Center(meanOf: filled.compactMap(\.rotationError)),
      gripperAgreement: mean(\.gripperAgreement), layersExecuted: mean(\.layersExecuted),
      layerUsage: GroupSummary.meanUsage(filled.map(\.layerUsage)), layerUsageByResult: nil,
      layerUsageByGripper: GripperLayerUsage(meanOf: filled.compactMap(\.layerUsageByGripper)),
      nominal: MeanMACs(meanOf: filled.compactMap(\.nominal)),
      executed: MeanMACs(meanOf: filled.compactMap(\.executed)),
      latency: LatencySummary(meanOf: filled.compactMap(\.latency)), againstDense: nil)
  }

  private static func sum(_ groups: [GroupSummary], _ count: (GroupSummary) -> Int) -> Int {
    groups.reduce(0) { $0 + count($1) }
  }

  /// - Precondition: All lists are equally long.
  private static func meanUsage(_ usages: [[Double]]) -> [Double] {
    guard let first = usages.first else { return [] }
    return first.indices.map { layer in
      usages.reduce(0) { $0 + $1[layer] } / Double(usages.count)
    }
  }
}

extension Center {
  fileprivate init?(meanOf centers: [Center]) {
    guard let median = Sample(centers.map(\.median)).mean,
      let mean = Sample(centers.map(\.mean)).mean
    else { return nil }
    self.init(median: median, mean: mean)
  }
}

extension MeanMACs {
  fileprivate init?(meanOf counts: [MeanMACs]) {
    guard !counts.isEmpty else { return nil }
    var parts: [PolicyPart: Double] = [:]
    for part in PolicyPart.allCases {
      parts[part] = Sample(counts.map { $0.parts[part, default: 0] }).mean
    }
    self.init(parts: parts)
  }
}

extension LatencySummary {
  fileprivate init?(meanOf summaries: [LatencySummary]) {
    guard let total = Latency(meanOf: summaries.map(\.total)),
      let languageModel = Latency(meanOf: summaries.map(\.languageModel))
    else { return nil }
    var parts: [PolicyPart: Latency] = [:]
    for part in PolicyPart.allCases {
      parts[part] = Latency(meanOf: summaries.compactMap { $0.parts[part] })
    }
    self.init(
      total: total, languageModel: languageModel, parts: parts,
      batch: summaries.compactMap(\.batch).max())
  }
}

extension Latency {
  fileprivate init?(meanOf latencies: [Latency]) {
    guard let mean = Sample(latencies.map(\.mean)).mean,
      let p50 = Sample(latencies.map(\.p50)).mean, let p95 = Sample(latencies.map(\.p95)).mean
    else { return nil }
    self.init(mean: mean, p50: p50, p95: p95)
  }
}
