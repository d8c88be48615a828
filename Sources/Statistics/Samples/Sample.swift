/// Measured values, and what is commonly asked of them.
///
/// What has no answer (the mean of nothing) is `nil`. A value that is not a number makes every
/// answer not a number.
package struct Sample: Equatable, Sendable {
  package let values: [Double]

  package init(_ values: some Sequence<Double>) {
    self.values = Array(values)
  }

  package var count: Int { values.count }

  /// The sum, compensated (Neumaier, 1974), so that long sums do not drift.
  package var sum: Double { Sample.sum(values) }

  /// The arithmetic mean.
  package var mean: Double? {
    values.isEmpty ? nil : sum / Double(count)
  }

  /// The mean with a weight for each value.
  ///
  /// - Returns: `nil` when the weights sum to zero.
  /// - Precondition: As many weights as values, none negative.
  package func mean(weights: [Double]) -> Double? {
    precondition(weights.count == count, "\(weights.count) weights for \(count) values")
    precondition(!weights.contains { $0 < 0 }, "a negative weight")
    let total = Sample.sum(weights)
    guard total != 0 else { return nil }
    return Sample.sum(values.indices.map { values[$0] * weights[$0] }) / total
  }

  /// The sample standard deviation, with n − 1 in the denominator; `nil` for fewer than two
  /// values.
  package var standardDeviation: Double? {
    guard count > 1, let mean else { return nil }
    let squares = Sample.sum(values.map { ($0 - mean) * ($0 - mean) })
    return (squares / Double(count - 1)).squareRoot()
  }

  package var median: Double? { quantile(0.5) }

  /// The value below which a share `probability` of the sample lies, interpolated linearly
  /// between neighbours (numpy's default; Hyndman and Fan's type 7).
  ///
  /// - Precondition: `probability` lies in [0, 1].
  package func quantile(_ probability: Double) -> Double? {
    quantiles([probability])?[0]
  }

  /// Several quantiles for one sorting.
  package func quantiles(_ probabilities: [Double]) -> [Double]? {
    precondition(probabilities.allSatisfy { $0 >= 0 && $0 <= 1 }, "quantiles at \(probabilities)")
    guard !values.isEmpty else { return nil }
    guard !values.contains(where: \.isNaN) else { return probabilities.map { _ in .nan } }
    let sorted = values.sorted()
    return probabilities.map { Sample.quantile($0, ofSorted: sorted) }
  }

  private static func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
    let position = probability * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    let share = position - Double(below)
    // Equal neighbours may be infinite, whose difference is not a number.
    guard share > 0, sorted[below] != sorted[below + 1] else { return sorted[below] }
    return sorted[below] + share * (sorted[below + 1] - sorted[below])
  }

  private static func sum(_ values: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0
    for value in values {
      let next = sum + value
      lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
      sum = next
    }
    return sum.isFinite ? sum + lost : sum
  }
}
