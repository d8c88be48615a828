/// Bounds for a test that is looked at a few times, at equal distances, and stops at the first look
/// at which its normal score lies beyond them (Jennison and Turnbull, "Group Sequential Methods",
/// 2000, chapter 2).
package struct GroupSequentialPlan: Equatable, Sendable {
  package enum Shape: String, CaseIterable, Sendable {
    /// Bounds that are far at first and near at last (O'Brien and Fleming, 1979).
    case obrienFleming = "obrien-fleming"
    /// The same bound at every look (Pocock, 1977).
    case pocock
  }

  /// As many as the integration is sure of; more would save next to nothing.
  package static let maximumLooks = 20

  package let shape: Shape
  package let alpha: Double
  /// Whether the score may leave the bounds on both sides.
  package let isTwoSided: Bool
  /// The bound of the score at each look.
  package let bounds: [Double]

  /// Finds the bounds that without a difference are left with probability `alpha`.
  ///
  /// - Precondition: 1 … 20 looks; `alpha` lies in (0, 1/2).
  package init(shape: Shape, looks: Int, alpha: Double = 0.05, isTwoSided: Bool = true) {
    precondition((1...GroupSequentialPlan.maximumLooks).contains(looks), "\(looks) looks")
    precondition(alpha > 0 && alpha < 0.5, "a level of \(alpha)")
    self.shape = shape
    self.alpha = alpha
    self.isTwoSided = isTwoSided
    func bounds(_ constant: Double) -> [Double] {
      (1...looks).map { look in
        switch shape {
        case .obrienFleming: constant * (Double(looks) / Double(look)).squareRoot()
        case .pocock: constant
        }
      }
    }
    // The constant is at least that of one look; where the looks are as good as independent it is at
    // most that of their number.
    let tail = isTwoSided ? alpha / 2 : alpha
    let least = NormalDistribution.quantile(upperTail: tail)
    let most = NormalDistribution.quantile(upperTail: tail / Double(looks)) + 1e-9
    let constant = Bisection.lastTrue(from: most, to: least) { constant in
      let walk = BoundedWalk(bounds: bounds(constant), isTwoSided: isTwoSided)
      return walk.stopping(drift: 0).reduce(0) { $0 + $1.above + $1.below } <= alpha
    }
    self.bounds = bounds(constant)
  }

  /// The bound at the last look of O'Brien and Fleming, the common one of Pocock: the constant of
  /// published tables.
  package var constant: Double { bounds.last ?? 0 }

  /// How likely the score first lies beyond the bounds at each look, above and below.
  ///
  /// - Parameter drift: The expected score at the last look; 0 without a difference.
  package func stopping(drift: Double) -> [(above: Double, below: Double)] {
    BoundedWalk(bounds: bounds, isTwoSided: isTwoSided).stopping(drift: drift)
  }

  /// The probability of stopping above the bounds, and the share of all pairs that are looked at on
  /// average.
  package func power(drift: Double) -> (power: Double, share: Double) {
    let stopping = stopping(drift: drift)
    var (left, looked) = (1.0, 0.0)
    for look in stopping {
      looked += left
      left -= look.above + look.below
    }
    return (stopping.reduce(0) { $0 + $1.above }, looked / Double(bounds.count))
  }
}
