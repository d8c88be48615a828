package import Manipulation

extension RGBImage {
  /// A picture of one colour.
  package init(filling width: Int, _ height: Int, with color: SIMD3<UInt8>) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for _ in 0..<width * height { pixels += [color.x, color.y, color.z] }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// Puts `other` on this picture with its corner at (`left`, `top`).
  ///
  /// - Precondition: `other` fits.
  package mutating func paste(_ other: RGBImage, left: Int, top: Int) {
    precondition(
      left >= 0 && top >= 0 && left + other.width <= width && top + other.height <= height,
      "\(other.width)x\(other.height) at (\(left), \(top)) is not within \(width)x\(height)")
    let count = other.width * 3
    for y in 0..<other.height {
      let start = ((top + y) * width + left) * 3
      pixels.replaceSubrange(start..<start + count, with: other.pixels[y * count..<(y + 1) * count])
    }
  }

  /// Lays pictures out in rows; a column is as wide as its widest picture, a row as high as its
  /// highest, with `padding` pixels of `background` around each.
  ///
  /// - Precondition: There is at least one picture.
  package static func contactSheet(
    rows: [[RGBImage]], padding: Int = 4, background: SIMD3<UInt8> = [255, 255, 255]
  ) -> RGBImage {
    precondition(rows.contains { !$0.isEmpty }, "a contact sheet needs a picture")
    let columnCount = rows.reduce(0) { max($0, $1.count) }
    let widths = (0..<columnCount).map { column in
      rows.reduce(0) { $1.indices.contains(column) ? max($0, $1[column].width) : $0 }
    }
    let heights = rows.map { $0.reduce(0) { max($0, $1.height) } }
    var sheet = RGBImage(
      filling: widths.reduce(padding) { $0 + $1 + padding },
      heights.reduce(padding) { $0 + $1 + padding }, with: background)
    var top = padding
    for (row, height) in zip(rows, heights) {
      var left = padding
      for (image, width) in zip(row, widths) {
        sheet.paste(image, left: left, top: top)
        left += width + padding
      }
      top += height + padding
    }
    return sheet
  }
}
