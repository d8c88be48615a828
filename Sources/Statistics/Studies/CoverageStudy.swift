/// How often an interval of one proportion covers the true rate: summed over all outcomes, not drawn.
package struct CoverageStudy: Equatable, Sendable {
  package let method: IntervalMethod
  package let trials: Int
  package let confidence: Double
  private let intervals: [ProportionInterval]

  /// - Precondition: At least one trial; `confidence` lies in (0, 1).
  package init(_ method: IntervalMethod, trials: Int, confidence: Double = 0.95) {
    precondition(trials > 0, "\(trials) trials")
    self.method = method
    self.trials = trials
    self.confidence = confidence
    intervals = (0...trials).compactMap {
      method.interval(successes: $0, trials: trials, confidence: confidence)
    }
  }

  /// The probability that the interval covers `rate`, and its expected width there.
  package func at(rate: Double) -> (coverage: Double, width: Double) {
    let weights = DiscreteWeights.binomial(trials: trials, rate: rate)
    var (coverage, width) = (0.0, 0.0)
    for successes in weights.range {
      let interval = intervals[successes]
      // The ends count, whatever their rounding.
      let covers = interval.lower - 1e-12 <= rate && rate <= interval.upper + 1e-12
      coverage += covers ? weights[successes] : 0
      width += weights[successes] * (interval.upper - interval.lower)
    }
    return (min(1, coverage), width)
  }
}
