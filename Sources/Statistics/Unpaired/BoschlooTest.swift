/// Boschloo's exact test of two unpaired proportions (Boschloo, 1970): Fisher's p-value as a measure
/// of distance, whose probability is taken at the shared rate where it is largest. It rejects whenever
/// Fisher's one-sided test does.
package enum BoschlooTest {
  /// The p-value; two-sided it is twice the smaller one-sided one. 1 where a side has no trials.
  ///
  /// The time grows with the product of the trials.
  package static func p(
    _ table: UnpairedTable, alternative: Alternative = .different
  ) -> Double {
    guard table.first.trials > 0, table.second.trials > 0 else { return 1 }
    return switch alternative {
    case .different: min(1, 2 * min(secondHigherP(table), secondHigherP(table.swapped)))
    case .higher: secondHigherP(table)
    case .lower: secondHigherP(table.swapped)
    }
  }

  private static func secondHigherP(_ table: UnpairedTable) -> Double {
    // What is equally far but for rounding counts too.
    let observed = FisherTest.p(table, alternative: .higher) * (1 + 1e-11)
    var cumulative: (both: Int, sums: [Double]) = (-1, [])
    return NuisanceMaximum(table) { first, both, weights in
      if cumulative.both != both {
        var sum = 0.0
        cumulative = (
          both,
          weights.values.map { value in
            sum += value
            return sum
          }
        )
      }
      return cumulative.sums[first - weights.first] <= observed
    }.value
  }
}
