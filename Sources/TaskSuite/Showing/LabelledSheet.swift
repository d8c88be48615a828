internal import Files
internal import Images
package import Manipulation

/// Pictures side by side in cells, with words under each cell.
package enum LabelledSheet {
  /// Pictures that belong together.
  package struct Cell: Sendable {
    package var label: String
    /// From left to right, all of one height.
    package var images: [RGBImage]

    package init(label: String, images: [RGBImage]) {
      self.label = label
      self.images = images
    }
  }

  private static let padding = 8
  private static let gap = 2
  private static let labelHeight = 26

  /// Lays cells out in rows.
  ///
  /// - Parameter columns: Cells in a row.
  /// - Throws: When the words cannot be drawn.
  /// - Precondition: There is a picture in every cell.
  package static func compose(_ cells: [Cell], columns: Int) throws -> RGBImage {
    precondition(
      columns > 0 && !cells.isEmpty && cells.allSatisfy { !$0.images.isEmpty }, "an empty sheet")
    let width = cells.map(width).reduce(0, max) + padding
    let height = cells.map { $0.images.map(\.height).reduce(0, max) }.reduce(0, max)
    let step = height + labelHeight + padding
    let rows = (cells.count + columns - 1) / columns
    let corners = cells.indices.map { index in
      (padding + index % columns * width, padding + index / columns * step)
    }
    var sheet = try background(
      width: padding + min(columns, cells.count) * width, height: padding + rows * step,
      labels: zip(cells, corners).map { ($0.label, $1.0, $1.1 + height + 18) })
    for (cell, corner) in zip(cells, corners) {
      var left = corner.0
      for image in cell.images {
        sheet.paste(image, left: left, top: corner.1)
        left += image.width + gap
      }
    }
    return sheet
  }

  private static func width(of cell: Cell) -> Int {
    cell.images.reduce(0) { $0 + $1.width + gap }
  }

  /// White paper with the words on it.
  private static func background(
    width: Int, height: Int, labels: [(String, Int, Int)]
  ) throws -> RGBImage {
    let words = labels.map { label, x, y in
      "<text x=\"\(x)\" y=\"\(y)\">\(XMLText.escaped(label))</text>"
    }
    let svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)">
      <rect width="100%" height="100%" fill="white"/>
      <g font-family="DejaVu Sans, sans-serif" font-size="15" fill="#222222">
      \(words.joined(separator: "\n"))
      </g></svg>
      """
    return try PNGFile.decode(try SVGRenderer.png(svg: svg), name: "labels")
  }
}
