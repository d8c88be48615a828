import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
  /// The probability of a value above `z`.
  package static func upperTail(_ z: Double) -> Double {
    0.5 * erfc(z / 2.0.squareRoot())
  }

  /// The value that a share `probability` of the distribution lies below; ±∞ at 0 and 1.
  ///
  /// Halley's method on the tail from a rational first guess (Abramowitz and Stegun 26.2.23);
  /// within a few units in the last place. Not a number for a probability outside [0, 1].
  package static func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    return probability < 0.5
      ? -quantile(upperTail: probability) : quantile(upperTail: 1 - probability)
  }

  /// The value that a share `tail` ≤ 1/2 lies above; exact where 1 − `tail` would round.
  package static func quantile(upperTail tail: Double) -> Double {
    guard tail > 0 else { return .infinity }
    var z = firstGuess(upperTail: tail)
    for _ in 0..<8 {
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      // Where the density underflows the guess is all there is.
      guard density > 0 else { return z }
      let step = (upperTail(z) - tail) / density
      let correction = step / (1 - z * step / 2)
      z += correction
      if abs(correction) <= 1e-15 * max(1, abs(z)) { break }
    }
    return z
  }

  private static func firstGuess(upperTail tail: Double) -> Double {
    let t = (-2 * log(tail)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    return t - numerator / denominator
  }
}
