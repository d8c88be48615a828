import Foundation

/// The largest probability of a set of tables, whatever the rate is that both sides share.
struct NuisanceMaximum {
  /// For each number of successes the share of its tables that are in the set.
  let shares: [Double]

  /// - Parameters:
  ///   - table: The sizes of the sides.
  ///   - isExtreme: Whether a table with so many successes of the first and of both is in the set.
  init(
    _ table: UnpairedTable,
    isExtreme: (_ first: Int, _ both: Int, _ weights: DiscreteWeights) -> Bool
  ) {
    shares = (0...table.trials).map { both in
      let weights = table.firstSuccesses(given: both)
      return Sample(weights.range.filter { isExtreme($0, both, weights) }.map { weights[$0] }).sum
    }
  }

  /// The maximum: of a grid as fine as the waves of the function, and about its best three places
  /// by golden section.
  var value: Double {
    let count = Int(40 * Double(shares.count).squareRoot()) + 100
    func rate(_ angle: Double) -> Double {
      let s = sin(angle)
      return s * s
    }
    let step = Double.pi / 2 / Double(count)
    let grid = (0...count).map { probability(rate: rate(Double($0) * step)) }
    let best = grid.indices.sorted { grid[$0] > grid[$1] }.prefix(3)
    return best.reduce(0) { maximum, place in
      let center = Double(place) * step
      let found = NuisanceMaximum.goldenSection(
        from: max(0, center - step), to: min(Double.pi / 2, center + step)
      ) { probability(rate: rate($0)) }
      return max(maximum, grid[place], found)
    }
  }

  private func probability(rate: Double) -> Double {
    let weights = DiscreteWeights.binomial(trials: shares.count - 1, rate: rate)
    return min(1, weights.range.reduce(0) { $0 + weights[$1] * shares[$1] })
  }

  private static func goldenSection(
    from start: Double, to end: Double, _ value: (Double) -> Double
  ) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (start, end)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (atLeft, atRight) = (value(left), value(right))
    for _ in 0..<50 where high - low > 1e-9 {
      if atLeft > atRight {
        (high, right, atRight) = (right, left, atLeft)
        left = high - ratio * (high - low)
        atLeft = value(left)
      } else {
        (low, left, atLeft) = (left, right, atRight)
        right = low + ratio * (high - low)
        atRight = value(right)
      }
    }
    return max(atLeft, atRight)
  }
}
