/// The size of a picture in pixels, within our limits.
struct PictureSize: Equatable, Sendable {
  static let sides = 16...1024

  let width: Int
  let height: Int

  /// - Throws: `PhysicsError.badPictureSize`.
  init(width: Int, height: Int) throws(PhysicsError) {
    guard PictureSize.sides.contains(width), PictureSize.sides.contains(height) else {
      throw .badPictureSize(width: width, height: height)
    }
    self.width = width
    self.height = height
  }

  var pixelCount: Int { width * height }
}
