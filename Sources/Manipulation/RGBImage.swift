/// An 8-bit RGB picture, rows from the top, three bytes a pixel.
package struct RGBImage: Equatable, Sendable {
  package let width: Int
  package let height: Int
  package var pixels: [UInt8]

  /// - Precondition: `pixels.count` is `width * height * 3`.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      pixels.count == width * height * 3, "\(pixels.count) bytes are no \(width)x\(height) RGB")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
