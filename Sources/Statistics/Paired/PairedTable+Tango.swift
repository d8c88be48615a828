/// Tango's score test of the difference of two paired rates (Tango, Statistics in Medicine 17,
/// 1998, 891–908), and the interval that comes of turning it round.
extension PairedTable {
  /// How many standard errors the observed difference lies above `difference`, the errors being
  /// those of the likeliest rates that differ by just that much.
  ///
  /// 0 where there is neither a distance nor an error; infinite where there is an error of 0 alone.
  ///
  /// - Precondition: `difference` lies in [−1, 1].
  package func tangoScore(difference: Double) -> Double {
    precondition(abs(difference) <= 1, "a difference of \(difference)")
    let distance = Double(onlySecond - onlyFirst) - Double(count) * difference
    let rate = onlyFirstRate(difference: difference)
    let variance = Double(count) * (2 * rate + difference * (1 - difference))
    guard variance > 0 else { return distance == 0 ? 0 : distance > 0 ? .infinity : -.infinity }
    return distance / variance.squareRoot()
  }

  /// The likeliest share of questions that only the first says yes to, were the rates
  /// `difference` apart: the larger root of a quadratic equation.
  private func onlyFirstRate(difference: Double) -> Double {
    let (n, first, second) = (Double(count), Double(onlyFirst), Double(onlySecond))
    let a = 2 * n
    let b = (2 * n - second + first) * difference - first - second
    let c = -first * difference * (1 - difference)
    let root = max(0, b * b - 4 * a * c).squareRoot()
    // Of the two forms of the root, the one that does not subtract what is nearly equal.
    let rate = b <= 0 ? (root - b) / (2 * a) : -2 * c / (b + root)
    return min((1 - difference) / 2, max(0, -difference, rate))
  }

  /// The differences that Tango's two-sided test does not reject, ends to within 1e-12.
  ///
  /// Without questions on which the two differ, and with nothing else, the ends are those of the
  /// formula's limits, n questions and the normal quantile z: ± z² ⁄ (n + z²) in the first case.
  ///
  /// - Returns: `nil` without questions.
  /// - Precondition: `confidence` lies in (0, 1).
  package func tangoInterval(confidence: Double = 0.95) -> DifferenceInterval? {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    guard let difference else { return nil }
    let z = NormalDistribution.quantile(upperTail: (1 - confidence) / 2)
    return DifferenceInterval(
      estimate: difference,
      lower: Bisection.lastTrue(from: difference, to: -1) { tangoScore(difference: $0) <= z },
      upper: Bisection.lastTrue(from: difference, to: 1) { tangoScore(difference: $0) >= -z })
  }

  /// The one-sided p-value against "the second is worse than the first by `margin` or more":
  /// where it is small, the second is not worse by the margin.
  ///
  /// A margin of 0 asks for superiority.
  ///
  /// - Parameter margin: In the unit of a rate, such as 0.05 for five points.
  /// - Precondition: `margin` lies in [0, 1].
  package func nonInferiorityP(margin: Double) -> Double {
    precondition(margin >= 0 && margin <= 1, "a margin of \(margin)")
    return NormalDistribution.upperTail(tangoScore(difference: -margin))
  }

  /// The one-sided p-value against "the second is better than the first by less than `margin`, or
  /// worse".
  ///
  /// - Precondition: `margin` lies in [0, 1].
  package func superiorityP(margin: Double = 0) -> Double {
    precondition(margin >= 0 && margin <= 1, "a margin of \(margin)")
    return NormalDistribution.upperTail(tangoScore(difference: margin))
  }

  /// The one-sided p-value against "the second is worse than the first by less than `margin`, or
  /// better": where it is small, the second is worse by more than the margin.
  ///
  /// - Precondition: `margin` lies in [0, 1].
  package func inferiorityP(margin: Double = 0) -> Double {
    swapped.superiorityP(margin: margin)
  }
}
