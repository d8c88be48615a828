/// How an interval is made of one proportion.
package enum IntervalMethod: String, CaseIterable, Sendable {
  /// Wilson's score interval: the mean coverage is the confidence.
  case wilson
  /// The same with a correction for continuity, which covers more often than it says.
  case wilsonCorrected = "wilson-cc"
  /// The exact interval: covers at least as often as it says, at every rate.
  case clopperPearson = "clopper-pearson"
  /// The middle of the beta distribution that Jeffreys' prior leads to.
  case jeffreys
  /// Wald's interval about Wilson's centre.
  case agrestiCoull = "agresti-coull"

  /// The interval.
  ///
  /// - Returns: `nil` when there are no trials.
  /// - Precondition: 0 ≤ `successes` ≤ `trials`; `confidence` lies in (0, 1).
  package func interval(
    successes: Int, trials: Int, confidence: Double = 0.95
  ) -> ProportionInterval? {
    let make =
      switch self {
      case .wilson: ProportionInterval.wilson
      case .wilsonCorrected: ProportionInterval.wilsonCorrected
      case .clopperPearson: ProportionInterval.clopperPearson
      case .jeffreys: ProportionInterval.jeffreys
      case .agrestiCoull: ProportionInterval.agrestiCoull
      }
    return make(successes, trials, confidence)
  }
}
