import Foundation

/// The beta distribution, the regularised incomplete beta function being its share below a value.
enum BetaDistribution {
  /// The share of the distribution below `x`: I_x(a, b), to within about 1e-14.
  ///
  /// The continued fraction of Abramowitz and Stegun (26.5.8) by Lentz's method.
  ///
  /// - Precondition: `a` and `b` are positive.
  static func lowerTail(_ x: Double, a: Double, b: Double) -> Double {
    precondition(a > 0 && b > 0, "a beta distribution of \(a) and \(b)")
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    return x < (a + 1) / (a + b + 2)
      ? front(x, a: a, b: b) / a * fraction(x, a: a, b: b)
      : 1 - front(x, a: a, b: b) / b * fraction(1 - x, a: b, b: a)
  }

  /// The value that a share `probability` of the distribution lies below.
  ///
  /// Newton's method, kept within a bracket that halves where a step would leave it.
  ///
  /// - Precondition: `a` and `b` are positive; `probability` lies in [0, 1].
  static func quantile(_ probability: Double, a: Double, b: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "a probability of \(probability)")
    guard probability > 0 else { return 0 }
    guard probability < 1 else { return 1 }
    var (low, high, x) = (0.0, 1.0, a / (a + b))
    for _ in 0..<200 {
      let excess = lowerTail(x, a: a, b: b) - probability
      if excess > 0 { high = x } else { low = x }
      let slope = front(x, a: a, b: b) / (x * (1 - x))
      let step = x - excess / slope
      let next = step > low && step < high ? step : (low + high) / 2
      if abs(next - x) <= 1e-15 * x { return next }
      x = next
    }
    return x
  }

  /// xᵃ(1 − x)ᵇ ⁄ B(a, b), for 0 < x < 1.
  private static func front(_ x: Double, a: Double, b: Double) -> Double {
    let n = a + b
    let errors = StirlingForm.error(n) - StirlingForm.error(a) - StirlingForm.error(b)
    let deviances =
      StirlingForm.deviance(a, from: n * x) + StirlingForm.deviance(b, from: n * (1 - x))
    return (a * b / (2 * Double.pi * n)).squareRoot() * exp(errors - deviances)
  }

  private static func fraction(_ x: Double, a: Double, b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var value = d
    for step in 1..<100_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      value *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      value *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return value
  }
}
