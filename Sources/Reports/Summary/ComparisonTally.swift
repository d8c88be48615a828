internal import Outcomes
internal import Statistics

/// Collects how near answers came to demonstrations; there is nothing to collect in a rollout.
struct ComparisonTally {
  private var compared = 0
  private var matches = 0
  private var agreements = 0
  private var episodeMatchRates: [Double] = []
  private var positionErrors: [Double] = []
  private var rotationErrors: [Double] = []

  mutating func add(_ outcome: EpisodeOutcome) {
    let (before, matchesBefore) = (compared, matches)
    for query in outcome.queries { add(query) }
    if compared > before {
      episodeMatchRates.append(Double(matches - matchesBefore) / Double(compared - before))
    }
  }

  private mutating func add(_ query: QueryOutcome) {
    guard let match = query.keyframeMatch else { return }
    compared += 1
    matches += match ? 1 : 0
    agreements += query.gripperAgreement == true ? 1 : 0
    if let error = query.positionError { positionErrors.append(error) }
    if let error = query.rotationError { rotationErrors.append(error) }
  }

  func match(confidence: Double) -> Proportion? {
    Proportion(wilson: matches, of: compared, confidence: confidence)
  }

  var episodeMatchRate: Double? { Sample(episodeMatchRates).mean }
  var positionError: Center? { ComparisonTally.center(positionErrors) }
  var rotationError: Center? { ComparisonTally.center(rotationErrors) }
  var gripperAgreement: Double? {
    compared == 0 ? nil : Double(agreements) / Double(compared)
  }

  private static func center(_ values: [Double]) -> Center? {
    let sample = Sample(values)
    guard let median = sample.median, let mean = sample.mean else { return nil }
    return Center(median: median, mean: mean)
  }
}
