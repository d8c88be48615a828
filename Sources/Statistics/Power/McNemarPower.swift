/// How often McNemar's test finds a difference, without approximation.
package enum McNemarPower {
  /// The probability that the test rejects on the right side: over all numbers of different answers
  /// and all their divisions.
  ///
  /// - Parameters:
  ///   - difference: The true one, second less first; its sign is the right side.
  ///   - discordant: The share of episodes with different answers, at least as large as the
  ///     difference.
  ///   - usesMidP: Whether the mid-p-value decides, else the exact one.
  /// - Precondition: `abs(difference)` ≤ `discordant` ≤ 1, and `discordant` is above 0.
  package static func power(
    difference: Double, discordant: Double, episodes: Int, alpha: Double = 0.05,
    isTwoSided: Bool = true, usesMidP: Bool = false
  ) -> Double {
    precondition(
      discordant > 0 && discordant <= 1 && abs(difference) <= discordant,
      "a difference of \(difference) among \(discordant) differing answers")
    let share = (1 + abs(difference) / discordant) / 2
    let counts = DiscreteWeights.binomial(trials: episodes, rate: discordant)
    let p = usesMidP ? McNemarTest.midP : McNemarTest.exactP
    return counts.range.reduce(0) { sum, count in
      guard counts[count] > 1e-12 else { return sum }
      // The fewest successes of the second that are rejected.
      var (low, high) = (count / 2, count + 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        let value = p(count - middle, middle, isTwoSided ? .different : .higher)
        if value <= alpha { high = middle } else { low = middle }
      }
      let weights = DiscreteWeights.binomial(trials: count, rate: share)
      let found = weights.range.reduce(0) { $1 >= high ? $0 + weights[$1] : $0 }
      return sum + counts[count] * found
    }
  }
}
