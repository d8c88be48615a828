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
    // One pair of each kind more, so that no difference at all is not taken for certainty.
    let discordance = Double(table.discordant + 1) / Double(table.count + 2)
    let variance = max(0, discordance - difference * difference)
    return more(
      than: table.count, deviation: variance.squareRoot(),
      distances: [abs(difference), difference + margin])
  }

  /// How many more, where the interval shrinks as those of means do.
  ///
  /// - Parameters:
  ///   - interval: Around what was seen.
  ///   - level: One-sided, of the interval.
  func more(
    than count: Int, interval: ClosedRange<Double>, level: Double, distances: [Double]
  ) -> Int? {
    let width = interval.upperBound - interval.lowerBound
    let error = width / 2 / NormalDistribution.quantile(upperTail: level)
    return more(
      than: count, deviation: error * Double(count).squareRoot(), distances: distances)
  }

  /// - Parameters:
  ///   - deviation: Of what one pair adds to a mean.
  ///   - distances: From what was seen to where a verdict begins; those that are not positive lie
  ///     on the wrong side.
  private func more(than count: Int, deviation: Double, distances: [Double]) -> Int? {
    guard let distance = distances.filter({ $0 > 0 }).max() else { return nil }
    let normal =
      NormalDistribution.quantile(upperTail: level)
      + NormalDistribution.quantile(PairsToDecide.power)
    let needed = (normal * deviation / distance) * (normal * deviation / distance)
    guard needed.isFinite, needed < PairsToDecide.most else { return nil }
    return max(1, Int(needed.rounded(.up)) - count)
  }
}
