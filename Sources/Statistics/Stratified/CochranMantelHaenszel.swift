import Foundation

/// Two unpaired methods on several tasks: whether one succeeds more often than the other with the
/// tasks held apart (Cochran, 1954; Mantel and Haenszel, 1959).
///
/// What has no answer is `nil`, such as an odds ratio where one side never fails.
package struct CochranMantelHaenszel: Equatable, Sendable {
  /// The tasks that can tell anything: those with at least two trials.
  package let tables: [UnpairedTable]

  package init(_ tables: [UnpairedTable]) {
    self.tables = tables.filter { $0.trials > 1 }
  }

  /// The squared distance of the second's successes from what is expected of them, over its
  /// variance: chi-squared of one degree of freedom without a difference.
  ///
  /// - Parameter corrected: Takes half a success off the distance, for continuity.
  package func statistic(corrected: Bool = false) -> Double? {
    let excess = abs(Sample(tables.map { Double($0.second.successes) - expected($0) }).sum)
    let variance = Sample(tables.map(variance)).sum
    guard variance > 0 else { return nil }
    let distance = corrected ? max(0, excess - 0.5) : excess
    return distance * distance / variance
  }

  /// The two-sided p-value of the statistic.
  package func p(corrected: Bool = false) -> Double? {
    statistic(corrected: corrected).map { ChiSquaredDistribution.upperTail($0, degrees: 1) }
  }

  /// The odds of the second over those of the first, were that the same number for every task, with
  /// the interval of Robins, Breslow and Greenland (1986).
  ///
  /// - Precondition: `confidence` lies in (0, 1).
  package func oddsRatio(
    confidence: Double = 0.95
  ) -> (estimate: Double, lower: Double, upper: Double)? {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    guard let (ratio, variance) = logOddsRatioVariance else { return nil }
    let z = NormalDistribution.quantile(upperTail: (1 - confidence) / 2)
    let factor = exp(z * variance.squareRoot())
    return (ratio, ratio / factor, ratio * factor)
  }

  private var logOddsRatioVariance: (ratio: Double, variance: Double)? {
    var (r, s, pr, cross, qs) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for table in tables {
      let cells = Cells(table)
      let p = (cells.a + cells.d) / cells.n
      let (agree, differ) = (cells.a * cells.d / cells.n, cells.b * cells.c / cells.n)
      r += agree
      s += differ
      pr += p * agree
      cross += p * differ + (1 - p) * agree
      qs += (1 - p) * differ
    }
    guard r > 0, s > 0 else { return nil }
    return (r / s, pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s))
  }

  /// Whether the odds ratio differs between tasks: the p-value of Breslow and Day (1980) with
  /// Tarone's adjustment (1985); `nil` with fewer than two tasks that tell.
  package var homogeneityP: Double? {
    guard let ratio = logOddsRatioVariance?.ratio else { return nil }
    var (squares, excess, variances, count) = (0.0, 0.0, 0.0, 0)
    for cells in tables.map(Cells.init) {
      let expected = cells.likeliestA(oddsRatio: ratio)
      let rest = [
        expected, cells.a + cells.b - expected, cells.a + cells.c - expected,
        cells.d - cells.a + expected,
      ]
      guard rest.allSatisfy({ $0 > 0 }) else { continue }
      let variance = 1 / rest.reduce(0) { $0 + 1 / $1 }
      squares += (cells.a - expected) * (cells.a - expected) / variance
      excess += cells.a - expected
      variances += variance
      count += 1
    }
    guard count > 1 else { return nil }
    return ChiSquaredDistribution.upperTail(
      squares - excess * excess / variances, degrees: count - 1)
  }

  private func expected(_ table: UnpairedTable) -> Double {
    Double(table.second.trials) * Double(table.successes) / Double(table.trials)
  }

  private func variance(_ table: UnpairedTable) -> Double {
    let n = Double(table.trials)
    let sides = Double(table.first.trials) * Double(table.second.trials)
    return sides * Double(table.successes) * Double(table.trials - table.successes)
      / (n * n * (n - 1))
  }

  /// Successes and misses of the second (a, b) and of the first (c, d).
  private struct Cells {
    let (a, b, c, d): (Double, Double, Double, Double)
    var n: Double { a + b + c + d }

    init(_ table: UnpairedTable) {
      a = Double(table.second.successes)
      b = Double(table.second.trials - table.second.successes)
      c = Double(table.first.successes)
      d = Double(table.first.trials - table.first.successes)
    }

    /// The `a` that has the odds ratio, the sums being as they are.
    func likeliestA(oddsRatio: Double) -> Double {
      let (row, column) = (a + b, a + c)
      let square = 1 - oddsRatio
      let linear = oddsRatio * (row + column) + d - a
      let root = (linear * linear + 4 * square * oddsRatio * row * column).squareRoot()
      // Of the two forms of the root, the one that does not subtract what is nearly equal.
      return linear < 0
        ? (root - linear) / (2 * square) : 2 * oddsRatio * row * column / (linear + root)
    }
  }
}
