package import Manipulation
internal import Outcomes

/// What a gate keeps of an episode: who it is, what was shown, how it went and what it cost.
package struct EpisodeRecord: Equatable, Sendable {
  package let episode: EpisodeIdentity
  let instruction: String
  let seed: UInt64
  /// Tells the frames that were shown, and what was demonstrated at each, from any others; 0 in a
  /// rollout.
  let shownFrames: Int
  /// Whether the task was solved at some time, and at the end; absent in replay.
  let solvedOnce: Bool?
  let solvedAtEnd: Bool?
  /// One a query; empty in a rollout.
  let offline: [OfflineAnswer]
  let queryCount: Int
  let executedMACs: Double
  /// The median over the queries; absent where none was timed.
  let seconds: Double?
  /// For each layer, the sum over the queries of the share of the tokens that it processed.
  let layerUse: [Double]

  /// How far an answer to a recorded observation was from the demonstration.
  struct OfflineAnswer: Equatable, Sendable {
    let matches: Bool
    /// In metres; absent for an invalid answer.
    let positionError: Double?
    /// In degrees; absent for an invalid answer.
    let rotationError: Double?
  }
}

extension EpisodeRecord {
  init(_ outcome: EpisodeOutcome) {
    episode = outcome.episode
    instruction = outcome.instruction
    seed = outcome.seed
    solvedOnce = outcome.successOnce
    solvedAtEnd = outcome.successAtEnd
    let isReplay = outcome.mode == .replay
    shownFrames = isReplay ? EpisodeRecord.digest(outcome.queries) : 0
    offline = isReplay ? outcome.queries.map(OfflineAnswer.init) : []
    queryCount = outcome.queries.count
    executedMACs = outcome.queries.reduce(0) { sum, query in
      PolicyPart.allCases.reduce(sum) { $0 + Double(query.compute.executed[$1]) }
    }
    let times = outcome.queries.compactMap { $0.timing?.totalSeconds }.sorted()
    seconds = times.isEmpty ? nil : (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
    layerUse = EpisodeRecord.layerUse(outcome.queries)
  }

  /// Equal within this process for equal frames and demonstrated actions.
  private static func digest(_ queries: [QueryOutcome]) -> Int {
    var hasher = Hasher()
    for query in queries {
      hasher.combine(query.frameIndex)
      hasher.combine(query.demonstratedAction)
    }
    return hasher.finalize()
  }

  private static func layerUse(_ queries: [QueryOutcome]) -> [Double] {
    guard let first = queries.first else { return [] }
    var sums = [Double](repeating: 0, count: first.layers.layerCount)
    for query in queries {
      for (layer, share) in query.layers.shares.enumerated() { sums[layer] += Double(share) }
    }
    return sums
  }
}

extension EpisodeRecord.OfflineAnswer {
  fileprivate init(_ query: QueryOutcome) {
    matches = query.keyframeMatch == true
    positionError = query.positionError
    rotationError = query.rotationError
  }
}
