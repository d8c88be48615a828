/// What becomes of p-values when several questions are asked at once.
///
/// Each function answers adjusted p-values in the given order: a question is decided at level α
/// where its adjusted p-value is at most α.
package enum Multiplicity {
  /// Holm's step-down adjustment (Holm, Scandinavian Journal of Statistics 6, 1979): the
  /// probability of any wrong rejection is at most α, however the questions hang together.
  ///
  /// - Precondition: Each value lies in [0, 1].
  package static func holm(_ values: [Double]) -> [Double] {
    check(values)
    var (adjusted, largest) = (values, 0.0)
    for (place, index) in order(values).enumerated() {
      largest = max(largest, min(1, Double(values.count - place) * values[index]))
      adjusted[index] = largest
    }
    return adjusted
  }

  /// Benjamini and Hochberg's step-up adjustment (Journal of the Royal Statistical Society B 57,
  /// 1995): the expected share of wrong ones among the rejected is at most α, for independent or
  /// positively dependent questions.
  ///
  /// - Precondition: Each value lies in [0, 1].
  package static func benjaminiHochberg(_ values: [Double]) -> [Double] {
    check(values)
    var (adjusted, least) = (values, 1.0)
    for (place, index) in order(values).enumerated().reversed() {
      least = min(least, Double(values.count) / Double(place + 1) * values[index])
      adjusted[index] = least
    }
    return adjusted
  }

  private static func order(_ values: [Double]) -> [Int] {
    values.indices.sorted { values[$0] < values[$1] }
  }

  private static func check(_ values: [Double]) {
    precondition(values.allSatisfy { (0...1).contains($0) }, "p-values of \(values)")
  }
}
