/// Whether two methods, put to the same yes-or-no questions, differ in how often they say yes
/// (McNemar, 1947).
///
/// Equal answers tell nothing and do not count: were both equally good, a fair coin would say which
/// of them alone said yes. Without any difference every p-value is 1, or 1/2 where a half counts.
package enum McNemarTest {
  /// The exact p-value from the questions on which the two differ: how likely a fair coin is to
  /// divide them at least as unevenly.
  ///
  /// Relative accuracy is about 1e-16 times the smaller count; what is too small for a `Double`
  /// is 0.
  ///
  /// - Precondition: Neither count is negative.
  package static func exactP(
    onlyFirst: Int, onlySecond: Int, alternative: Alternative = .different
  ) -> Double {
    check(onlyFirst, onlySecond)
    let tosses = onlyFirst + onlySecond
    return switch alternative {
    case .different where onlyFirst == onlySecond: 1
    case .different: min(1, 2 * FairCoin.lowerTail(min(onlyFirst, onlySecond), of: tosses))
    case .higher: FairCoin.lowerTail(onlyFirst, of: tosses)
    case .lower: FairCoin.lowerTail(onlySecond, of: tosses)
    }
  }

  /// The mid-p-value: what divides them just as unevenly counts half (Fagerland, Lydersen, Laake,
  /// BMC Medical Research Methodology 13, 2013). It rejects more often than the exact one, which
  /// is too careful, and keeps its level nearly always.
  ///
  /// - Precondition: Neither count is negative.
  package static func midP(
    onlyFirst: Int, onlySecond: Int, alternative: Alternative = .different
  ) -> Double {
    check(onlyFirst, onlySecond)
    let tosses = onlyFirst + onlySecond
    let half = FairCoin.probability(of: onlyFirst, in: tosses) / 2
    return switch alternative {
    case .different where onlyFirst == onlySecond: 1
    case .different: 2 * (FairCoin.lowerTail(min(onlyFirst, onlySecond), of: tosses) - half)
    case .higher: FairCoin.lowerTail(onlyFirst, of: tosses) - half
    case .lower: FairCoin.lowerTail(onlySecond, of: tosses) - half
    }
  }

  private static func check(_ onlyFirst: Int, _ onlySecond: Int) {
    precondition(
      onlyFirst >= 0 && onlySecond >= 0, "\(onlyFirst) and \(onlySecond) differing answers")
  }
}
