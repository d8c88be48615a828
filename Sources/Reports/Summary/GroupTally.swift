internal import Manipulation
internal import Outcomes

/// Collects outcomes of one group of episodes and summarises them.
struct GroupTally {
  private let confidence: Double
  private var episodes = 0
  private var invalidAnswers = 0
  private var comparison = ComparisonTally()
  private var closedLoop: SuccessTally
  private var openLoop: SuccessTally
  private var layers: LayerTally
  private var solvedLayers: LayerTally
  private var unsolvedLayers: LayerTally
  private var openLayers: LayerTally
  private var closedLayers: LayerTally
  private var experts: ExpertTally
  // Sums are floating-point: a hostile journal's counts must not overflow.
  private var nominal = PartSums()
  private var executed = PartSums()
  private var latency = LatencyTally()

  init(layerCount: Int, confidence: Double) {
    self.confidence = confidence
    closedLoop = SuccessTally(confidence: confidence)
    openLoop = SuccessTally(confidence: confidence)
    layers = LayerTally(layerCount: layerCount)
    (solvedLayers, unsolvedLayers) = (layers, layers)
    (openLayers, closedLayers) = (layers, layers)
    experts = ExpertTally(layerCount: layerCount)
  }

  mutating func add(_ outcome: EpisodeOutcome) {
    episodes += 1
    comparison.add(outcome)
    closedLoop.add(closedLoop: outcome)
    if let result = outcome.openLoop { openLoop.add(openLoop: result) }
    for query in outcome.queries { add(query, solved: outcome.successOnce) }
  }

  private mutating func add(_ query: QueryOutcome, solved: Bool?) {
    invalidAnswers += query.failure == .invalidAction ? 1 : 0
    layers.add(query.layers)
    experts.add(query)
    if solved == true { solvedLayers.add(query.layers) }
    if solved == false { unsolvedLayers.add(query.layers) }
    if query.gripperOpen == true { openLayers.add(query.layers) }
    if query.gripperOpen == false { closedLayers.add(query.layers) }
    nominal.add(query.compute.nominal)
    executed.add(query.compute.executed)
    if let timing = query.timing { latency.add(timing) }
  }

  func summary(name: String) -> GroupSummary {
    let closedLoop = closedLoop.summary
    return GroupSummary(
      name: name, episodes: episodes, queries: layers.queries, invalidAnswers: invalidAnswers,
      closedLoop: closedLoop, openLoop: openLoop.summary,
      keyframeMatch: comparison.match(confidence: confidence),
      episodeMatchRate: comparison.episodeMatchRate, positionError: comparison.positionError,
      rotationError: comparison.rotationError, gripperAgreement: comparison.gripperAgreement,
      layersExecuted: layers.layersExecuted, layerUsage: layers.usage.shares,
      layerUsageByResult: closedLoop.map { _ in
        ResultLayerUsage(solved: solvedLayers.usage, unsolved: unsolvedLayers.usage)
      },
      layerUsageByGripper: GripperLayerUsage(
        open: openLayers.usage, closed: closedLayers.usage), expertUsage: experts.usage,
      nominal: nominal.mean(over: layers.queries), executed: executed.mean(over: layers.queries),
      latency: latency.summary, againstDense: nil)
  }
}
