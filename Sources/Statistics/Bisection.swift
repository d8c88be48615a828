/// Finding the place where an answer changes.
enum Bisection {
  /// The place nearest to `end` where `holds` is still true, if it is true at `start` and changes
  /// once at most on the way: to the last bit that a `Double` has there, `end` itself where it holds.
  ///
  /// - Parameters:
  ///   - start: Where it is taken to hold.
  ///   - end: Above or below `start`.
  static func lastTrue(from start: Double, to end: Double, _ holds: (Double) -> Bool) -> Double {
    if holds(end) { return end }
    var (inside, outside) = (start, end)
    // Twice the bits of a mantissa, for places near zero.
    for _ in 0..<110 {
      let middle = inside + (outside - inside) / 2
      guard middle != inside, middle != outside else { break }
      if holds(middle) { inside = middle } else { outside = middle }
    }
    return inside
  }
}
