/// Ways from OpenGL's rows, which come from the bottom, to a picture's.
enum PixelRows {
  /// Averages squares of two by two pixels, and turns the rows' order round.
  ///
  /// - Parameters:
  ///   - pixels: RGB, `[2 * height, 2 * width, 3]`, rows from the bottom.
  ///   - width: Of the result.
  /// - Returns: RGB, `[height, width, 3]`, rows from the top.
  static func halved(_ pixels: [UInt8], width: Int) -> [UInt8] {
    let row = 6 * width
    precondition(pixels.count.isMultiple(of: 2 * row), "\(pixels.count) bytes are no pairs of rows")
    let height = pixels.count / (2 * row)
    return [UInt8](capacity: 3 * width * height) { result in
      let pixels = pixels.span
      for pair in (0..<height).reversed() {
        let lower = pixels.extracting(2 * pair * row..<(2 * pair + 1) * row)
        let upper = pixels.extracting((2 * pair + 1) * row..<(2 * pair + 2) * row)
        for column in stride(from: 0, to: row, by: 6) {
          for channel in column..<column + 3 {
            let sum =
              UInt16(lower[channel]) &+ UInt16(lower[channel &+ 3])
              &+ UInt16(upper[channel]) &+ UInt16(upper[channel &+ 3])
            result.append(UInt8(truncatingIfNeeded: (sum &+ 2) >> 2))
          }
        }
      }
    }
  }

  /// Turns the rows' order round and maps each value.
  static func flipped<Value, Result>(
    _ values: [Value], width: Int, _ map: (Value) -> Result
  ) -> [Result] {
    stride(from: values.count - width, through: 0, by: -width).flatMap { start in
      values[start..<start + width].map(map)
    }
  }
}
