package import Manipulation

/// Many small pictures on one: a row an episode, a column a key frame.
package enum ContactSheet {
  /// The most rows and columns; more would not be looked at.
  package static let rowLimit = 40
  package static let columnLimit = 20

  private static let gap = 2
  private static let background: UInt8 = 24

  /// Lays pictures out in rows.
  ///
  /// - Parameters:
  ///   - rows: For each episode its pictures; at most `rowLimit` of `columnLimit` are shown.
  ///   - side: The longest side of a small picture in pixels.
  /// - Returns: The sheet; a single dark pixel when there is no picture.
  /// - Precondition: `side` is positive.
  package static func compose(_ rows: [[RGBImage]], side: Int = 128) -> RGBImage {
    precondition(side > 0, "a side of \(side) pixels")
    let shown = rows.prefix(rowLimit).map { row in
      row.prefix(columnLimit).map { shrink($0, toSide: side) }
    }
    let cellWidth = shown.joined().map(\.width).max() ?? 0
    let cellHeight = shown.joined().map(\.height).max() ?? 0
    let columnCount = shown.map(\.count).max() ?? 0
    guard cellWidth > 0, cellHeight > 0 else {
      return RGBImage(width: 1, height: 1, pixels: [background, background, background])
    }
    let width = columnCount * (cellWidth + gap) + gap
    let height = shown.count * (cellHeight + gap) + gap
    var pixels = [UInt8](repeating: background, count: width * height * 3)
    for (rowIndex, row) in shown.enumerated() {
      for (columnIndex, image) in row.enumerated() {
        let left = gap + columnIndex * (cellWidth + gap)
        let top = gap + rowIndex * (cellHeight + gap)
        paste(image, left: left, top: top, into: &pixels, width: width)
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private static func paste(
    _ image: RGBImage, left: Int, top: Int, into pixels: inout [UInt8], width: Int
  ) {
    for row in 0..<image.height {
      let source = row * image.width * 3
      let target = ((top + row) * width + left) * 3
      pixels.replaceSubrange(
        target..<target + image.width * 3,
        with: image.pixels[source..<source + image.width * 3])
    }
  }

  /// Averages whole boxes of pixels until neither side is longer than `side`.
  static func shrink(_ image: RGBImage, toSide side: Int) -> RGBImage {
    let factor = (max(image.width, image.height) + side - 1) / side
    guard factor > 1 else { return image }
    let width = max(1, image.width / factor)
    let height = max(1, image.height / factor)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        pixels += mean(of: image, left: column * factor, top: row * factor, side: factor)
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private static func mean(
    of image: RGBImage, left: Int, top: Int, side: Int
  ) -> [UInt8] {
    let rows = top..<min(top + side, image.height)
    let columns = left..<min(left + side, image.width)
    var sums = [0, 0, 0]
    for row in rows {
      for column in columns {
        let place = (row * image.width + column) * 3
        for channel in 0..<3 { sums[channel] += Int(image.pixels[place + channel]) }
      }
    }
    let count = max(1, rows.count * columns.count)
    return sums.map { UInt8($0 / count) }
  }
}
