internal import Images
internal import Manipulation

extension ImageConfiguration {
  /// A picture as a tower reads it: cropped, square, and normalised with the tower's statistics.
  ///
  /// - Returns: `[3, size, size]`, row-major.
  func normalizedPixels(of picture: RGBImage, for tower: TowerConfiguration) -> [Float] {
    let mean = SIMD3<Float>(statistics(tower.mean))
    let middle = centerCrop < 1 ? picture.centerCropped(areaFraction: centerCrop) : picture
    return square(middle, fill: mean)
      .normalizedCHW(mean: mean, std: SIMD3<Float>(statistics(tower.std)))
  }

  private func square(_ picture: RGBImage, fill: SIMD3<Float>) -> RGBImage {
    switch resize {
    case .naive: return picture.resizedBicubic(width: size, height: size)
    case .letterbox:
      let color = fill.clamped(lowerBound: .zero, upperBound: .one) * 255
      return picture.letterboxed(to: size, fill: SIMD3<UInt8>(color))
    }
  }
}
