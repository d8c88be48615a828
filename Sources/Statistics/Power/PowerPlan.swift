/// How many episodes tell a difference of two success rates, or what difference so many can tell.
package struct PowerPlan: Equatable, Sendable {
  package enum Design: Equatable, Sendable {
    /// Each method on episodes of its own; the number is of either side.
    case unpaired
    /// Both methods on the same episodes, of which a share has different answers.
    case paired(discordant: Double)
  }

  /// The success rate of the first.
  package let rate: Double
  package let design: Design
  /// The level of the test.
  package let alpha: Double
  package let isTwoSided: Bool

  /// - Precondition: `rate` lies in [0, 1], a share of different answers in (0, 1], `alpha` in
  ///   (0, 1/2).
  package init(rate: Double, design: Design, alpha: Double = 0.05, isTwoSided: Bool = true) {
    precondition((0...1).contains(rate), "a rate of \(rate)")
    precondition(alpha > 0 && alpha < 0.5, "a level of \(alpha)")
    if case .paired(let share) = design {
      precondition(share > 0 && share <= 1, "a share of \(share)")
    }
    self.rate = rate
    self.design = design
    self.alpha = alpha
    self.isTwoSided = isTwoSided
  }

  /// The differences that the second can have at all.
  package var possible: ClosedRange<Double> {
    let range = -rate...(1 - rate)
    guard case .paired(let share) = design else { return range }
    return max(-share, range.lowerBound)...min(share, range.upperBound)
  }

  /// The probability that the test finds the difference, by the normal approximation: paired that of
  /// McNemar's test (Connor, Biometrics 43, 1987), unpaired that of the pooled score test (Fleiss,
  /// 1981).
  ///
  /// Two-sided it counts only what is found on the right side.
  package func power(difference: Double, episodes: Int) -> Double {
    let (null, actual) = deviations(difference)
    let distance = abs(difference) * Double(episodes).squareRoot() - critical * null
    guard actual > 0 else { return distance >= 0 ? 1 : 0 }
    return NormalDistribution.upperTail(-distance / actual)
  }

  /// The least number of episodes with which the difference is found with probability `power`, by
  /// the same approximation; `nil` where the difference is 0 or impossible.
  ///
  /// - Precondition: `power` lies in (0, 1).
  package func episodes(difference: Double, power: Double = 0.8) -> Int? {
    precondition(power > 0 && power < 1, "a power of \(power)")
    guard difference != 0, possible.contains(difference) else { return nil }
    let (null, actual) = deviations(difference)
    let root = (critical * null + NormalDistribution.quantile(power) * actual) / abs(difference)
    let count = max(1, (root * root).rounded(.up))
    return count < 1e15 ? Int(count) : nil
  }

  /// The smallest difference in a direction that so many episodes find with probability `power`;
  /// `nil` where even the greatest possible is not found.
  ///
  /// - Precondition: `episodes` is positive; `power` lies in (0, 1).
  package func detectable(episodes: Int, power: Double = 0.8, upwards: Bool) -> Double? {
    precondition(episodes > 0 && power > 0 && power < 1, "\(episodes) episodes, power \(power)")
    let end = upwards ? possible.upperBound : possible.lowerBound
    guard end != 0, self.power(difference: end, episodes: episodes) >= power else { return nil }
    return Bisection.lastTrue(from: end, to: 0) {
      $0 != 0 && self.power(difference: $0, episodes: episodes) >= power
    }
  }

  private var critical: Double {
    NormalDistribution.quantile(upperTail: isTwoSided ? alpha / 2 : alpha)
  }

  /// The standard deviations of one episode's difference without and with the difference.
  private func deviations(_ difference: Double) -> (null: Double, actual: Double) {
    switch design {
    case .paired(let share):
      return (share.squareRoot(), max(0, share - difference * difference).squareRoot())
    case .unpaired:
      let second = rate + difference
      let mean = (rate + second) / 2
      return (
        (2 * mean * (1 - mean)).squareRoot(),
        max(0, rate * (1 - rate) + second * (1 - second)).squareRoot()
      )
    }
  }
}
