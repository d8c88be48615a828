/// The difference of two rates, second less first, with the interval that covers the true one.
package struct DifferenceInterval: Equatable, Sendable {
  /// The observed difference, in [−1, 1].
  package let estimate: Double
  package let lower: Double
  package let upper: Double

  package init(estimate: Double, lower: Double, upper: Double) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
  }
}
