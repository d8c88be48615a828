import Foundation

/// A random walk of normal steps that stops when it leaves its bounds: its density within them, look
/// after look, by numerical integration (Armitage, McPherson, Rowe, 1969).
struct BoundedWalk {
  /// The bounds of the score, which is the walk over the root of the number of steps.
  let bounds: [Double]
  let isTwoSided: Bool

  /// How likely it first lies beyond the bounds at each look.
  ///
  /// - Parameter drift: The expected score at the last look.
  func stopping(drift: Double) -> [(above: Double, below: Double)] {
    let mean = drift / Double(bounds.count).squareRoot()
    // Where the walk is, and how likely, as the points and weights of an integral.
    var (points, masses) = ([0.0], [1.0])
    return bounds.indices.map { look in
      let upper = bounds[look] * Double(look + 1).squareRoot()
      let lower = isTwoSided ? -upper : lowest(look, mean, upper)
      var (above, below) = (0.0, 0.0)
      for (point, mass) in zip(points, masses) {
        above += mass * NormalDistribution.upperTail(upper - point - mean)
        if isTwoSided { below += mass * NormalDistribution.upperTail(point + mean - lower) }
      }
      (points, masses) = step(points, masses, mean: mean, within: lower...upper)
      return (above, below)
    }
  }

  /// So low that nothing is lost below.
  private func lowest(_ look: Int, _ mean: Double, _ upper: Double) -> Double {
    let steps = Double(look + 1)
    return min(upper - 1, steps * mean - 9 * steps.squareRoot())
  }

  /// The walk one step later, where it stays within.
  private func step(
    _ points: [Double], _ masses: [Double], mean: Double, within range: ClosedRange<Double>
  ) -> ([Double], [Double]) {
    let (half, middle) = (
      (range.upperBound - range.lowerBound) / 2, (range.upperBound + range.lowerBound) / 2
    )
    let next = GaussLegendre.nodes.map { middle + half * $0 }
    let scale = half / (2 * Double.pi).squareRoot()
    let weights = zip(next, GaussLegendre.weights).map { place, weight in
      var density = 0.0
      for index in points.indices {
        let distance = place - points[index] - mean
        density += masses[index] * exp(-distance * distance / 2)
      }
      return weight * scale * density
    }
    return (next, weights)
  }
}

/// Points and weights that integrate smooth functions over [−1, 1] (Abramowitz and Stegun 25.4.29).
private enum GaussLegendre {
  private static let count = 128
  static let nodes = rule.map(\.node)
  static let weights = rule.map(\.weight)

  private static let rule: [(node: Double, weight: Double)] = (0..<count).map { index in
    var x = -cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
    for _ in 0..<8 {
      let (value, slope) = legendre(x)
      x -= value / slope
    }
    let slope = legendre(x).slope
    return (x, 2 / ((1 - x * x) * slope * slope))
  }

  /// Legendre's polynomial of degree `count` and its slope.
  private static func legendre(_ x: Double) -> (value: Double, slope: Double) {
    var (before, value) = (1.0, x)
    for degree in 2...count {
      let k = Double(degree)
      (before, value) = (value, ((2 * k - 1) * x * value - (k - 1) * before) / k)
    }
    return (value, Double(count) * (x * value - before) / (x * x - 1))
  }
}
