internal import Statistics

/// About how many pairs a verdict takes, from what was seen so far: normal approximations, four
/// times out of five.
struct PairsToDecide {
  /// The one-sided level of a decision.
  let level: Double
  /// Beyond this a number says no more than "very many".
  private static let most = 1_000_000.0
  /// How often the verdict would come.
  private static let power = 0.8

  /// How many more, were the true rates those that were seen.
  ///
  /// - Returns: `nil` where no number would, or more than a million.
  func more(than table: Statistics.PairedTable, margin: Double) -> Int? {
    guard let difference = table.difference else { return nil }
    let discordance = Double(table.discordant) / Double(table.count)
    let deviation = max(0, discordance - difference * difference).squareRoot()
    var needed: [Double] = []
    if difference != 0 { needed.append(pairs(deviation: deviation, distance: abs(difference))) }
    if difference + margin > 0, margin > 0 {
      // Even if the sides never differ, Tango's interval takes so many to be within the margin.
      let z = NormalDistribution.quantile(upperTail: level)
      let least = z * z * (1 - margin) / margin
      needed.append(max(least, pairs(deviation: deviation, distance: difference + margin)))
    }
    return needed.min().flatMap { more(than: table.count, needed: $0) }
  }

  /// How many more, where the interval shrinks as those of means do.
  ///
  /// - Parameters:
  ///   - interval: Around what was seen.
  ///   - level: One-sided, of the interval.
  ///   - distances: From what was seen to where a verdict begins; those that are not positive lie
  ///     on the wrong side.
  func more(
    than count: Int, interval: ClosedRange<Double>, level: Double, distances: [Double]
  ) -> Int? {
    let width = interval.upperBound - interval.lowerBound
    let error = width / 2 / NormalDistribution.quantile(upperTail: level)
    let deviation = error * Double(count).squareRoot()
    guard let distance = distances.filter({ $0 > 0 }).max() else { return nil }
    return more(than: count, needed: pairs(deviation: deviation, distance: distance))
  }

  /// - Parameter deviation: Of what one pair adds to a mean.
  private func pairs(deviation: Double, distance: Double) -> Double {
    let normal =
      NormalDistribution.quantile(upperTail: level)
      + NormalDistribution.quantile(PairsToDecide.power)
    return (normal * deviation / distance) * (normal * deviation / distance)
  }

  private func more(than count: Int, needed: Double) -> Int? {
    guard needed.isFinite, needed < PairsToDecide.most else { return nil }
    return max(1, Int(needed.rounded(.up)) - count)
  }
}
