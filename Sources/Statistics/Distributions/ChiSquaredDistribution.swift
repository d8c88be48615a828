import Foundation

/// The chi-squared distribution.
enum ChiSquaredDistribution {
  /// The probability of a value above `x`, by the incomplete gamma function: its series below the
  /// mean (Abramowitz and Stegun 6.5.29), its continued fraction above (6.5.31).
  ///
  /// - Precondition: `degrees` is positive.
  static func upperTail(_ x: Double, degrees: Int) -> Double {
    precondition(degrees > 0, "\(degrees) degrees of freedom")
    guard x > 0 else { return 1 }
    if degrees == 1 { return erfc((x / 2).squareRoot()) }
    let (a, y) = (Double(degrees) / 2, x / 2)
    let front = exp(a * log(y) - y - StirlingForm.logGamma(a))
    return y < a + 1 ? 1 - front * series(a, y) : front * fraction(a, y)
  }

  private static func series(_ a: Double, _ x: Double) -> Double {
    var (term, sum, place) = (1 / a, 1 / a, a)
    while term > sum * 1e-17 {
      place += 1
      term *= x / place
      sum += term
    }
    return sum
  }

  private static func fraction(_ a: Double, _ x: Double) -> Double {
    var b = x + 1 - a
    var (c, d) = (1e300, 1 / b)
    var value = d
    for step in 1..<100_000 {
      let n = Double(step)
      b += 2
      d = 1 / (b - n * (n - a) * d)
      c = b - n * (n - a) / c
      value *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return value
  }
}
