/// Where a full turn is cut open, so that angles on it become numbers on a line: where there are the
/// fewest, as what lies next to each other across the cut comes to lie far apart.
package struct AngleCut: Equatable, Sendable {
  /// The angle opposite to the cut; the others are taken within half a turn from it.
  package let middle: Double

  /// Directions that are looked at.
  private static let binCount = 72
  /// Directions to either side that count as close, 20 degrees.
  private static let reach = 4

  /// - Parameter angles: In radians, any number of turns on; all finite.
  package init(through angles: some Sequence<Double>) {
    var counts = [Int](repeating: 0, count: Self.binCount)
    for angle in angles {
      let turns = angle / (2 * .pi)
      let share = turns - turns.rounded(.down)
      counts[min(Self.binCount - 1, Int(share * Double(Self.binCount)))] += 1
    }
    let close = counts.indices.map { bin in
      (-Self.reach...Self.reach).reduce(0) {
        $0 + counts[(bin + $1 + Self.binCount) % Self.binCount]
      }
    }
    let cut = Self.middleOfLongestRun(of: close.min() ?? 0, in: close)
    let opposite = (cut + 0.5) / Double(Self.binCount) + 0.5
    middle = 2 * .pi * (opposite - (opposite + 0.5).rounded(.down))
  }

  /// The same direction within half a turn from the middle.
  package func callAsFunction(_ angle: Double) -> Double { angle.turned(near: middle) }

  /// The middle, in bins, of the longest unbroken run of a value around a circle.
  private static func middleOfLongestRun(of value: Int, in circle: [Int]) -> Double {
    var best = (length: 0, start: 0)
    for start in circle.indices {
      let length = circle.indices.prefix { circle[(start + $0) % circle.count] == value }.count
      if length > best.length { best = (length, start) }
    }
    return Double(best.start) + Double(best.length - 1) / 2
  }
}

extension Double {
  /// The same angle, whole turns on, at most half a turn from `middle`.
  func turned(near middle: Double) -> Double {
    self + 2 * .pi * ((middle - self) / (2 * .pi)).rounded()
  }
}
