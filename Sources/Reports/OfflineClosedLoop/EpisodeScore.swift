internal import Outcomes

/// What an episode adds to the numbers of its cell, so that cells can be drawn again cheaply.
struct EpisodeScore: Sendable {
  private var positionErrors = RunningMean()
  private var rotationErrors = RunningMean()
  private var matches = RunningMean()
  /// Of the open loop in replay, of the closed loop in a rollout.
  private var successes = RunningMean()

  private struct RunningMean {
    var sum = 0.0
    var count = 0.0

    mutating func add(_ value: Double) {
      sum += value
      count += 1
    }

    var value: Double? { count > 0 ? sum / count : nil }

    static func += (left: inout RunningMean, right: RunningMean) {
      left.sum += right.sum
      left.count += right.count
    }
  }

  init(_ outcome: EpisodeOutcome) {
    for query in outcome.queries {
      if let error = query.positionError { positionErrors.add(error) }
      if let error = query.rotationError { rotationErrors.add(error) }
      if let match = query.keyframeMatch { matches.add(match ? 1 : 0) }
    }
    if let success = outcome.successOnce ?? outcome.openLoop?.successOnce {
      successes.add(success ? 1 : 0)
    }
  }

  init(sumOf scores: [EpisodeScore]) {
    self.init(sumOf: scores, at: Array(scores.indices))
  }

  /// The sum of the scores at these places, each as often as it is named.
  init(sumOf scores: [EpisodeScore], at places: [Int]) {
    for place in places {
      positionErrors += scores[place].positionErrors
      rotationErrors += scores[place].rotationErrors
      matches += scores[place].matches
      successes += scores[place].successes
    }
  }

  /// The share of the judged episodes that were solved at some time; `nil` when none was judged.
  var success: Double? { successes.value }

  /// The number by which a replay foretells success, greater for the better; `nil` where the
  /// episodes do not have it.
  func proxy(_ measure: OfflineMeasure) -> Double? {
    switch measure {
    case .positionError: positionErrors.value.map { -$0 }
    case .rotationError: rotationErrors.value.map { -$0 }
    case .keyframeMatch: matches.value
    case .openLoopSuccess: success
    }
  }
}
