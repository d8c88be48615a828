/// Rows of numbers as 8-bit integers with one scale a row: w ≈ q · scale, symmetric, q in
/// -127...127.
struct RowQuantization {
  private(set) var values: [Int8] = []
  /// One a row: the largest magnitude divided by 127; 0 for a row of zeros.
  private(set) var scales: [Float] = []
  /// Sums over all elements.
  private(set) var squaredError = 0.0
  private(set) var squaredNorm = 0.0

  /// - Returns: Nil when a number is not finite.
  /// - Precondition: The numbers are whole rows of `width`.
  init?(_ numbers: [Float], width: Int) {
    precondition(
      width > 0 && numbers.count.isMultiple(of: width),
      "\(numbers.count) numbers are no rows of \(width)")
    values.reserveCapacity(numbers.count)
    for start in stride(from: 0, to: numbers.count, by: width) {
      guard append(numbers[start..<start + width]) else { return nil }
    }
  }

  private mutating func append(_ row: ArraySlice<Float>) -> Bool {
    var largest: Float = 0
    // Compared this way round, a NaN stays unnoticed here and shows in the sum.
    for number in row { largest = abs(number) > largest ? abs(number) : largest }
    let scale = largest / 127
    scales.append(scale)
    var (error, norm) = (0.0, 0.0)
    for number in row {
      let rounded = scale > 0 ? RowQuantization.rounded(number / scale) : 0
      values.append(Int8(truncatingIfNeeded: Int32(rounded)))
      let difference = Double(number) - Double(rounded) * Double(scale)
      error += difference * difference
      norm += Double(number) * Double(number)
    }
    squaredError += error
    squaredNorm += norm
    return largest.isFinite && !norm.isNaN
  }

  /// To the nearest integer, ties to even, in -127...127; a NaN gives 0.
  private static func rounded(_ number: Float) -> Float {
    // Adding 1.5 · 2^23 leaves no bits for a fraction: the processor rounds.
    let shift: Float = 12_582_912
    let nearest = (number + shift) - shift
    guard nearest > -127 else { return nearest == nearest ? -127 : 0 }
    return nearest < 127 ? nearest : 127
  }
}
