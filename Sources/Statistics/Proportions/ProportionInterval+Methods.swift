/// The other intervals of one proportion; compared by Brown, Cai, DasGupta, "Interval Estimation for
/// a Binomial Proportion", Statistical Science 16, 2001.
///
/// Each is `nil` when there are no trials, and has the preconditions of Wilson's.
extension ProportionInterval {
  /// Wilson's interval with a correction for continuity (Newcombe, Statistics in Medicine 17, 1998,
  /// 857–872, method 4).
  static func wilsonCorrected(
    successes: Int, trials: Int, confidence: Double
  ) -> ProportionInterval? {
    ends(successes, trials, confidence) { k, n, tail in
      let z = NormalDistribution.quantile(upperTail: tail)
      let (p, q, scale) = (k / n, (n - k) / n, 2 * (n + z * z))
      let center = (2 * k + z * z) / scale
      let below = 1 + z * (z * z - 2 - 1 / n + 4 * p * (n * q + 1)).squareRoot()
      let above = 1 + z * (z * z + 2 - 1 / n + 4 * p * (n * q - 1)).squareRoot()
      return (k == 0 ? 0 : center - below / scale, k == n ? 1 : center + above / scale)
    }
  }

  /// The exact interval (Clopper and Pearson, 1934).
  static func clopperPearson(
    successes: Int, trials: Int, confidence: Double
  ) -> ProportionInterval? {
    ends(successes, trials, confidence) { k, n, tail in
      (
        k == 0 ? 0 : BetaDistribution.quantile(tail, a: k, b: n - k + 1),
        k == n ? 1 : 1 - BetaDistribution.quantile(tail, a: n - k, b: k + 1)
      )
    }
  }

  /// The interval with equal tails of the distribution of the rate that follows from Jeffreys'
  /// prior; with no success its lower end is above 0, as statsmodels has it.
  static func jeffreys(successes: Int, trials: Int, confidence: Double) -> ProportionInterval? {
    ends(successes, trials, confidence) { k, n, tail in
      (
        BetaDistribution.quantile(tail, a: k + 0.5, b: n - k + 0.5),
        1 - BetaDistribution.quantile(tail, a: n - k + 0.5, b: k + 0.5)
      )
    }
  }

  /// Wald's interval of z²⁄2 successes and as many misses more (Agresti and Coull, 1998).
  static func agrestiCoull(
    successes: Int, trials: Int, confidence: Double
  ) -> ProportionInterval? {
    ends(successes, trials, confidence) { k, n, tail in
      let z = NormalDistribution.quantile(upperTail: tail)
      let center = (k + z * z / 2) / (n + z * z)
      let half = z * (center * (1 - center) / (n + z * z)).squareRoot()
      return (center - half, center + half)
    }
  }

  private static func ends(
    _ successes: Int, _ trials: Int, _ confidence: Double,
    _ make: (_ successes: Double, _ trials: Double, _ tail: Double) -> (Double, Double)
  ) -> ProportionInterval? {
    precondition(
      successes >= 0 && successes <= trials, "\(successes) successes out of \(trials) trials")
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    guard trials > 0 else { return nil }
    let (k, n) = (Double(successes), Double(trials))
    let (lower, upper) = make(k, n, (1 - confidence) / 2)
    return ProportionInterval(estimate: k / n, lower: max(0, lower), upper: min(1, upper))
  }
}
