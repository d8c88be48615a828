internal import TensorMath

/// A tower's table of positions for the patches of one size of picture.
struct PositionTable {
  /// What is added to the class token and the registers, `[prefixTokenCount, width]`, where the
  /// checkpoint has entries for them.
  let prefix: Matrix?
  /// `[patchCount, width]`, row by row.
  let patches: Matrix

  /// - Parameter table: The checkpoint's, `[positionCount, width]`.
  init(_ table: Matrix, tower: TowerConfiguration, imageSize: Int) {
    let prefixCount = tower.positionPrefix ? tower.prefixTokenCount : 0
    let grid = imageSize / tower.patchSize
    prefix = prefixCount > 0 ? table.rows(0..<prefixCount) : nil
    patches = PositionTable.resampled(
      table.rows(prefixCount..<table.rows), from: tower.positionGrid ?? grid, to: grid)
  }

  /// A square grid at another size, as timm's `resample_abs_pos_embed`: bicubic, antialiased.
  ///
  /// - Parameter table: `[side * side, width]`, row by row.
  /// - Returns: `[newSide * newSide, width]`.
  static func resampled(_ table: Matrix, from side: Int, to newSide: Int) -> Matrix {
    guard side != newSide else { return table }
    let weights = CubicWeights.rows(from: side, to: newSide)
    let wide = apply(weights, to: table, lines: side, step: 1, line: side)
    return apply(weights, to: wide, lines: newSide, step: newSide, line: 1)
  }

  /// Applies the weights along one direction of a grid of rows.
  ///
  /// - Parameters:
  ///   - lines: The number of lines, each of which becomes one of `weights.count` entries.
  ///   - step: Rows between neighbours of a line.
  ///   - line: Rows between the beginnings of lines.
  private static func apply(
    _ weights: [CubicWeights], to table: Matrix, lines: Int, step: Int, line: Int
  ) -> Matrix {
    let newSide = weights.count
    var result = Matrix(rows: lines * newSide, columns: table.columns)
    for index in 0..<lines {
      for (place, weight) in weights.enumerated() {
        // Along a row of the grid the results of one line are neighbours; down a column, lines are.
        let target = (step == 1 ? index * newSide + place : place * lines + index) * table.columns
        for (offset, factor) in weight.factors.enumerated() {
          let source = (index * line + (weight.start + offset) * step) * table.columns
          for column in 0..<table.columns {
            result.elements[target + column] += factor * table.elements[source + column]
          }
        }
      }
    }
    return result
  }
}

/// The entries that one resampled entry is made of.
///
/// Keys' cubic with a = -0.5, widened where the grid shrinks: PyTorch's `interpolate` with mode
/// `bicubic` and `antialias`, which is Pillow's filter.
struct CubicWeights: Sendable {
  let start: Int
  /// Sum to one.
  let factors: [Float]

  static func rows(from side: Int, to newSide: Int) -> [CubicWeights] {
    let scale = Double(side) / Double(newSide)
    let widening = max(1, scale)
    return (0..<newSide).map { place in
      let center = scale * (Double(place) + 0.5)
      let start = max(0, Int(center - 2 * widening + 0.5))
      let end = min(side, Int(center + 2 * widening + 0.5))
      let values = (start..<end).map { cubic((Double($0) - center + 0.5) / widening) }
      let total = values.reduce(0, +)
      return CubicWeights(start: start, factors: values.map { Float($0 / total) })
    }
  }

  private static func cubic(_ offset: Double) -> Double {
    let (a, x) = (-0.5, abs(offset))
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return ((x - 5) * x + 8) * x * a - 4 * a }
    return 0
  }
}
