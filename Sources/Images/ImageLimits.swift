/// The largest pictures that are read; checked before anything is allocated.
package enum ImageLimits {
  /// Pixels along one side.
  package static let side = 16_384
  /// Pixels in all.
  package static let pixelCount = 100_000_000
  /// Bytes of an encoded file.
  package static let byteCount = 512 << 20

  /// - Throws: `ImageError.tooManyPixels` for an empty picture or one beyond the limits.
  static func check(width: Int, height: Int, name: String) throws(ImageError) {
    guard 1...side ~= width, 1...side ~= height, width * height <= pixelCount else {
      throw .tooManyPixels(name, width: width, height: height)
    }
  }
}
