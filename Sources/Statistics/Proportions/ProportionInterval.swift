/// A proportion known from counts, with the interval that covers the true one.
package struct ProportionInterval: Equatable, Sendable {
  /// The observed proportion.
  package let estimate: Double
  package let lower: Double
  package let upper: Double

  package init(estimate: Double, lower: Double, upper: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
  }

  /// Wilson's score interval (Wilson, 1927), without continuity correction.
  ///
  /// It is exact at the edges: no success gives a lower end of 0, no miss an upper end of 1.
  ///
  /// - Returns: `nil` when there are no trials.
  /// - Precondition: 0 ≤ `successes` ≤ `trials`; `confidence` lies in (0, 1).
  package static func wilson(
    successes: Int, trials: Int, confidence: Double = 0.95
  ) -> ProportionInterval? {
    precondition(
      successes >= 0 && successes <= trials, "\(successes) successes out of \(trials) trials")
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    guard trials > 0 else { return nil }
    let z = NormalDistribution.quantile(upperTail: (1 - confidence) / 2)
    let n = Double(trials)
    let p = Double(successes) / n
    let scale = 1 + z * z / n
    let center = (p + z * z / (2 * n)) / scale
    let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / scale
    return ProportionInterval(
      estimate: p,
      lower: successes == 0 ? 0 : max(0, center - half),
      upper: successes == trials ? 1 : min(1, center + half))
  }
}
