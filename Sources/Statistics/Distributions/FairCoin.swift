import Foundation

/// How often a fair coin shows heads.
enum FairCoin {
  /// The probability of at most `count` heads in `tosses`; relative accuracy is about 1e-16 times
  /// the smaller of heads and tails. What is too small for a `Double` is 0.
  static func lowerTail(_ count: Int, of tosses: Int) -> Double {
    guard count >= 0 else { return 0 }
    guard count < tosses else { return 1 }
    guard 2 * count <= tosses else { return 1 - lowerTail(tosses - count - 1, of: tosses) }
    // The terms below, each a share of the one above it, down to what no longer counts.
    var (sum, share, place) = (1.0, 1.0, count)
    while place > 0, share > sum * 1e-18 {
      share *= Double(place) / Double(tosses - place + 1)
      sum += share
      place -= 1
    }
    let (term, halvings) = term(min(count, tosses - count), of: tosses)
    return scalbn(term * sum, -halvings)
  }

  /// The probability of `count` heads in `tosses`.
  static func probability(of count: Int, in tosses: Int) -> Double {
    guard count >= 0, count <= tosses else { return 0 }
    let (term, halvings) = term(min(count, tosses - count), of: tosses)
    return scalbn(term, -halvings)
  }

  /// The binomial coefficient of `count` and how often it is yet to be halved; halved whenever it
  /// grows, it never overflows.
  private static func term(_ count: Int, of tosses: Int) -> (term: Double, halvings: Int) {
    var term = 1.0
    var halvings = tosses
    for step in 0..<count {
      term *= Double(tosses - step) / Double(step + 1)
      while term > 1, halvings > 0 {
        term /= 2
        halvings -= 1
      }
    }
    return (term, halvings)
  }
}
