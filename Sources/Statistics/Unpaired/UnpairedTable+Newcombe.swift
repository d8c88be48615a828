extension UnpairedTable {
  /// Newcombe's interval of the difference, made of Wilson's of each side (Newcombe, Statistics in
  /// Medicine 17, 1998, 873–890, method 10).
  ///
  /// - Returns: `nil` where a side has no trials.
  /// - Precondition: `confidence` lies in (0, 1).
  package func newcombeInterval(confidence: Double = 0.95) -> DifferenceInterval? {
    guard let a = wilson(first, confidence), let b = wilson(second, confidence) else { return nil }
    let difference = b.estimate - a.estimate
    func distance(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    return DifferenceInterval(
      estimate: difference,
      lower: difference - distance(b.estimate - b.lower, a.upper - a.estimate),
      upper: difference + distance(b.upper - b.estimate, a.estimate - a.lower))
  }

  private func wilson(_ side: Side, _ confidence: Double) -> ProportionInterval? {
    .wilson(successes: side.successes, trials: side.trials, confidence: confidence)
  }
}
