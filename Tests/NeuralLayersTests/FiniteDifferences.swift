import Manipulation

/// Holds a gradient to differences of the function itself.
///
/// Functions in 32 bits know only about six digits, so single numbers with a small share in the
/// result cannot be told apart from rounding. Along a random direction of signs the slopes of all
/// numbers add up, and a mistake anywhere shows; some of the steepest single numbers say where.
struct FiniteDifferences {
  /// How far each number moves. The error of the formula is of its fourth power, that of rounding of
  /// its inverse.
  var step: Float = 0.01
  var directionCount = 8
  var singleCount = 8
  var seed: UInt64 = 1

  /// The largest difference of a slope from what the gradient says, as a share of the gradient's
  /// norm for directions and of its largest number for single ones.
  ///
  /// - Parameters:
  ///   - gradient: Of `function` at `point`.
  ///   - function: Adds up in double precision, or it drowns the slopes.
  func error(
    of gradient: [Float], at point: [Float], _ function: ([Float]) -> Double
  ) -> Double {
    precondition(gradient.count == point.count, "\(gradient.count) slopes, \(point.count) numbers")
    let squares = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    let largest = gradient.reduce(0.0) { max($0, abs(Double($1))) }
    let signed = directions(point.count).map { direction in
      disagreement(of: gradient, at: point, along: direction, function) / squares.squareRoot()
    }
    let single = steepest(gradient).map { index in
      var direction = [Float](repeating: 0, count: point.count)
      direction[index] = 1
      return disagreement(of: gradient, at: point, along: direction, function) / largest
    }
    // A gradient of zeros is right only where nothing changes, and then 0 / 0 says nothing.
    return (signed + single).map { $0.isNaN ? 0 : $0 }.max() ?? 0
  }

  private func directions(_ count: Int) -> [[Float]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<directionCount).map { _ in
      (0..<count).map { _ in Bool.random(using: &generator) ? 1 : -1 }
    }
  }

  private func steepest(_ gradient: [Float]) -> [Int] {
    Array(gradient.indices.sorted { abs(gradient[$0]) > abs(gradient[$1]) }.prefix(singleCount))
  }

  private func disagreement(
    of gradient: [Float], at point: [Float], along direction: [Float],
    _ function: ([Float]) -> Double
  ) -> Double {
    let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return abs(slope(at: point, along: direction, function) - expected)
  }

  /// The derivative along a direction from four points.
  func slope(
    at point: [Float], along direction: [Float], _ function: ([Float]) -> Double
  ) -> Double {
    let places: [(Float, Double)] = [(-2, 1), (-1, -8), (1, 8), (2, -1)]
    let sum = places.reduce(0.0) { sum, place in
      let moved = zip(point, direction).map { $0 + place.0 * step * $1 }
      return sum + place.1 * function(moved)
    }
    return sum / (12 * Double(step))
  }
}
