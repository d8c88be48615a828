import Foundation

/// The parts of a factorial that Stirling's formula separates, so that products of large factorials
/// and small powers keep their digits (Loader, "Fast and Accurate Computation of Binomial
/// Probabilities", 2000).
enum StirlingForm {
  /// log Γ(z) less Stirling's (z − ½) log z − z + ½ log 2π, for `z` > 0.
  static func error(_ z: Double) -> Double {
    guard z >= 10 else {
      let rest = (z - 0.5) * log(z) - z + 0.5 * log(2 * Double.pi)
      return logGamma(z) - rest
    }
    let s = 1 / (z * z)
    let series = 1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * 691.0 / 360_360))
    return (1.0 / 12 - s * (1.0 / 360 - s * series)) / z
  }

  /// x log(x ⁄ m) + m − x, which is small where the two are near; `x` ≥ 0, `m` > 0.
  static func deviance(_ x: Double, from m: Double) -> Double {
    guard x > 0 else { return m }
    guard abs(x - m) < 0.1 * (x + m) else { return x * log(x / m) + m - x }
    let v = (x - m) / (x + m)
    var (sum, term, divisor) = ((x - m) * v, 2 * x * v, 1.0)
    while true {
      term *= v * v
      divisor += 2
      let next = sum + term / divisor
      if next == sum { return sum }
      sum = next
    }
  }

  /// log Γ, for `z` > 0.
  static func logGamma(_ z: Double) -> Double {
    #if canImport(Darwin)
      return lgamma(z)
    #else
      var sign: Int32 = 0
      return lgamma_r(z, &sign)
    #endif
  }
}
