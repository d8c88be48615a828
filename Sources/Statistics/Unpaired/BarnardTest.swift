/// Barnard's exact test of two unpaired proportions (Barnard, 1947; Suissa and Shuster, 1985).
///
/// It asks how likely a difference at least as many standard errors away is, at the shared rate where
/// that is likeliest, and so conditions on nothing.
package enum BarnardTest {
  /// The p-value by the pooled score; 1 where a side has no trials.
  ///
  /// The time grows with the product of the trials.
  package static func p(
    _ table: UnpairedTable, alternative: Alternative = .different
  ) -> Double {
    guard table.first.trials > 0, table.second.trials > 0 else { return 1 }
    let observed = score(table, first: table.first.successes, both: table.successes)
    // Equal scores count, whatever their rounding.
    let slack = 1e-10 * max(1, abs(observed))
    return NuisanceMaximum(table) { first, both, _ in
      let score = score(table, first: first, both: both)
      return switch alternative {
      case .different: abs(score) >= abs(observed) - slack
      case .higher: score >= observed - slack
      case .lower: score <= observed + slack
      }
    }.value
  }

  /// The difference in standard errors of one shared rate; 0 where there is no difference.
  private static func score(_ table: UnpairedTable, first: Int, both: Int) -> Double {
    let (n, m) = (Double(table.first.trials), Double(table.second.trials))
    let difference = Double(both - first) / m - Double(first) / n
    let rate = Double(both) / (n + m)
    let variance = rate * (1 - rate) * (1 / n + 1 / m)
    return variance > 0 ? difference / variance.squareRoot() : 0
  }
}
