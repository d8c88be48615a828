import Foundation

/// Whether two methods, put to the same yes-or-no questions, differ in how often they say yes
/// (McNemar, 1947).
package enum McNemarTest {
  /// The exact two-sided p-value from the questions on which the two differ: how likely a fair coin
  /// is to divide them at least as unevenly.
  ///
  /// Equal answers tell nothing and do not count. Without any difference it is 1. Relative accuracy
  /// is about 1e-16 times the smaller count; what is too small for a `Double` is 0.
  ///
  /// - Precondition: Neither count is negative.
  package static func exactP(onlyFirst: Int, onlySecond: Int) -> Double {
    precondition(
      onlyFirst >= 0 && onlySecond >= 0, "\(onlyFirst) and \(onlySecond) differing answers")
    let (least, most) = (min(onlyFirst, onlySecond), max(onlyFirst, onlySecond))
    guard least < most else { return 1 }
    return min(1, 2 * lowerTail(least, of: least + most))
  }

  /// The probability of at most `count` heads in `tosses` of a fair coin; `count` ≤ `tosses` / 2.
  private static func lowerTail(_ count: Int, of tosses: Int) -> Double {
    // The binomial coefficient of `count`, halved whenever it grows, so that it never overflows.
    var term = 1.0
    var halvings = tosses
    for step in 0..<count {
      term *= Double(tosses - step) / Double(step + 1)
      while term > 1, halvings > 0 {
        term /= 2
        halvings -= 1
      }
    }
    // The terms below, each a share of the one above it, down to what no longer counts.
    var (sum, share, place) = (1.0, 1.0, count)
    while place > 0, share > sum * 1e-18 {
      share *= Double(place) / Double(tosses - place + 1)
      sum += share
      place -= 1
    }
    return scalbn(term * sum, -halvings)
  }
}
