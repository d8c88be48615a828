extension UnpairedTable {
  /// Newcombe's interval of the difference, made of Wilson's of each side (Newcombe, Statistics in
  /// Medicine 17, 1998, 873–890, method 10).
  ///
  /// - Returns: `nil` where a side has no trials.
  /// - Precondition: `confidence` lies in (0, 1).
  package func newcombeInterval(confidence: Double = 0.95) -> DifferenceInterval? {
    guard let a = wilson(first, confidence), let b = wilson(second, confidence) else { return nil }
    return b.difference(from: a)
  }

  private func wilson(_ side: Side, _ confidence: Double) -> ProportionInterval? {
    .wilson(successes: side.successes, trials: side.trials, confidence: confidence)
  }
}

extension ProportionInterval {
  /// The interval of this proportion less another that is independent of it, by Newcombe's hybrid of
  /// both score intervals (method 10).
  package func difference(from other: ProportionInterval) -> DifferenceInterval {
    let difference = estimate - other.estimate
    func distance(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    return DifferenceInterval(
      estimate: difference,
      lower: difference - distance(estimate - lower, other.upper - other.estimate),
      upper: difference + distance(upper - estimate, other.estimate - other.lower))
  }
}
