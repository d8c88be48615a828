/// The weights with which one axis of a picture is resized, as Pillow computes them.
///
/// The cubic convolution kernel (Keys, 1981) with a = -0.5, widened when shrinking so that every
/// source pixel counts, in fixed point with 22 fractional bits.
struct BicubicKernel {
  static let fractionBits: Int32 = 22

  /// The source indices that output `i` is made of.
  let ranges: [Range<Int>]
  /// Weights of output `i`, `width` apart; those beyond its range are unused.
  let weights: [Int32]
  let width: Int

  init(from sourceCount: Int, to count: Int) {
    let scale = Double(sourceCount) / Double(count)
    let stretch = max(scale, 1)
    let support = 2 * stretch
    let width = Int(support.rounded(.up)) * 2 + 1
    var ranges: [Range<Int>] = []
    var weights = [Int32](repeating: 0, count: count * width)
    for index in 0..<count {
      let center = (Double(index) + 0.5) * scale
      let start = max(0, Int(center - support + 0.5))
      let range = start..<min(sourceCount, Int(center + support + 0.5))
      let exact = BicubicKernel.weights(of: range, around: center, stretch: stretch)
      for (offset, weight) in exact.enumerated() {
        weights[index * width + offset] = BicubicKernel.fixedPoint(weight)
      }
      ranges.append(range)
    }
    (self.ranges, self.weights, self.width) = (ranges, weights, width)
  }

  /// Weights that sum to 1.
  private static func weights(of range: Range<Int>, around center: Double, stretch: Double)
    -> [Double]
  {
    let reciprocal = 1 / stretch
    let raw = range.map { cubic((Double($0) - center + 0.5) * reciprocal) }
    let sum = raw.reduce(0, +)
    return sum == 0 ? raw : raw.map { $0 / sum }
  }

  private static func cubic(_ distance: Double) -> Double {
    let a = -0.5
    let x = abs(distance)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  /// Rounds half away from zero, as Pillow does.
  private static func fixedPoint(_ weight: Double) -> Int32 {
    let scaled = weight * Double(1 << fractionBits)
    return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
  }
}
