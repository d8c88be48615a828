package import Manipulation

extension RGBImage {
  /// The picture as a vision tower reads it: `(pixel / 255 - mean) / std` for each channel.
  ///
  /// Computed in 32-bit floats in the order of torchvision's `to_tensor` and `normalize`.
  ///
  /// - Parameters:
  ///   - mean: Red, green, blue means of pixels in 0...1.
  ///   - std: Red, green, blue standard deviations.
  /// - Returns: Row-major `[3, height, width]`.
  package func normalizedCHW(mean: SIMD3<Float>, std: SIMD3<Float>) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(pixels.count)
    for channel in 0..<3 {
      // One division for each of the 256 values instead of one for each pixel; same result.
      let table = (0..<256).map { (Float($0) / 255 - mean[channel]) / std[channel] }
      for index in stride(from: channel, to: pixels.count, by: 3) {
        result.append(table[Int(pixels[index])])
      }
    }
    return result
  }
}
