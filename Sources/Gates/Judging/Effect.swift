/// A number and the interval that covers the true one.
package struct Effect: Codable, Equatable, Sendable {
  package var value: Double
  /// Absent where there is no interval.
  package var lower: Double?
  package var upper: Double?

  /// Its interval; `nil` without ends.
  var range: ClosedRange<Double>? {
    guard let lower, let upper, lower <= upper else { return nil }
    return lower...upper
  }
}
