package import Manipulation

extension RGBImage {
  /// The part of the picture in the given columns and rows.
  ///
  /// - Precondition: The ranges lie within the picture.
  package func cropped(columns: Range<Int>, rows: Range<Int>) -> RGBImage {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= width && rows.lowerBound >= 0
        && rows.upperBound <= height, "\(columns), \(rows) is not within \(width)x\(height)")
    var result: [UInt8] = []
    result.reserveCapacity(columns.count * rows.count * 3)
    for y in rows {
      let start = y * width * 3
      result += pixels[start + columns.lowerBound * 3..<start + columns.upperBound * 3]
    }
    return RGBImage(width: columns.count, height: rows.count, pixels: result)
  }

  /// The middle of the picture with the given share of its area and the same aspect.
  ///
  /// Policies trained with random crops are evaluated on the middle 90 % of the area, resized back.
  ///
  /// - Precondition: `areaFraction` lies in (0, 1].
  package func centerCropped(areaFraction: Double) -> RGBImage {
    precondition(areaFraction > 0 && areaFraction <= 1, "\(areaFraction) is no share of an area")
    let side = areaFraction.squareRoot()
    let newWidth = max(1, Int((Double(width) * side).rounded()))
    let newHeight = max(1, Int((Double(height) * side).rounded()))
    let (left, top) = ((width - newWidth) / 2, (height - newHeight) / 2)
    return cropped(columns: left..<left + newWidth, rows: top..<top + newHeight)
  }

  /// Pads the shorter side with `fill`, half on each side, and resizes to a square.
  ///
  /// As OpenVLA's "letterbox": half the difference is rounded down, so an odd difference leaves one
  /// pixel less than a square before resizing.
  package func letterboxed(to side: Int, fill: SIMD3<UInt8>) -> RGBImage {
    let longest = max(width, height)
    let (left, top) = ((longest - width) / 2, (longest - height) / 2)
    var canvas = RGBImage(filling: width + 2 * left, height + 2 * top, with: fill)
    canvas.paste(self, left: left, top: top)
    return canvas.resizedBicubic(width: side, height: side)
  }
}
