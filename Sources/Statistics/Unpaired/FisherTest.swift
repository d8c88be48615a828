/// Fisher's exact test of two unpaired proportions: how likely it is that all successes, divided
/// between the two by chance, fall at least as unevenly.
package enum FisherTest {
  /// The p-value; two-sided it counts every division that is at most as likely as the observed one.
  package static func p(
    _ table: UnpairedTable, alternative: Alternative = .different
  ) -> Double {
    let weights = table.firstSuccesses(given: table.successes)
    let observed = table.first.successes
    let (low, high) = (weights.range.lowerBound, weights.range.upperBound)
    let values =
      switch alternative {
      // What is equally likely but for rounding counts too.
      case .different: weights.values.filter { $0 <= weights[observed] * (1 + 1e-10) }
      case .higher: (low..<max(low, min(high, observed + 1))).map { weights[$0] }
      case .lower: (min(high, max(low, observed))..<high).map { weights[$0] }
      }
    return min(1, Sample(values).sum)
  }
}
