internal import Images
package import Manipulation

extension ImageConfiguration {
  /// A picture as a tower reads it: cropped, square, and normalised with the tower's statistics.
  ///
  /// - Returns: `[3, size, size]`, row-major.
  func normalizedPixels(of picture: RGBImage, for tower: TowerConfiguration) -> [Float] {
    square(picture, for: tower).normalizedCHW(
      mean: SIMD3<Float>(statistics(tower.mean)), std: SIMD3<Float>(statistics(tower.std)))
  }

  /// The square picture of which a tower's pixels are made; the tower matters to the padding alone.
  package func square(_ picture: RGBImage, for tower: TowerConfiguration) -> RGBImage {
    let middle = centerCrop < 1 ? picture.centerCropped(areaFraction: centerCrop) : picture
    switch resize {
    case .naive: return middle.resizedBicubic(width: size, height: size)
    case .letterbox:
      return middle.letterboxed(to: size, fill: padding(for: tower))
    }
  }

  /// The colour around a picture that is not square.
  package func padding(for tower: TowerConfiguration) -> SIMD3<UInt8> {
    let mean = SIMD3<Float>(statistics(tower.mean))
    return SIMD3<UInt8>(mean.clamped(lowerBound: .zero, upperBound: .one) * 255)
  }
}
