internal import Images
package import Manipulation

/// Many small pictures on one: a row an episode, a column a key frame.
package enum ContactSheet {
  /// The most rows and columns; more would not be looked at.
  package static let rowLimit = 40
  package static let columnLimit = 20
  /// The longest side of a small picture in pixels.
  package static let side = 128

  /// Lays pictures out in rows.
  ///
  /// - Parameters:
  ///   - rows: For each episode its pictures; at most `rowLimit` of `columnLimit` are shown.
  ///   - side: The longest side of a small picture in pixels.
  /// - Returns: `nil` when there is no picture.
  package static func compose(_ rows: [[RGBImage]], side: Int = side) -> RGBImage? {
    let shown = rows.prefix(rowLimit).map { row in
      row.prefix(columnLimit).map { shrink($0, toSide: side) }
    }
    guard shown.contains(where: { !$0.isEmpty }) else { return nil }
    return RGBImage.contactSheet(rows: shown, padding: 2, background: [24, 24, 24])
  }

  /// Makes a picture smaller until neither side is longer than `side`, keeping its proportions.
  ///
  /// - Precondition: `side` is positive.
  package static func shrink(_ image: RGBImage, toSide side: Int = side) -> RGBImage {
    precondition(side > 0, "a side of \(side) pixels")
    let longest = max(image.width, image.height)
    guard longest > side else { return image }
    return image.resizedBicubic(
      width: max(1, image.width * side / longest), height: max(1, image.height * side / longest))
  }
}
