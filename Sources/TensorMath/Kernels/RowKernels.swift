import RealModule

extension Matrix {
  /// Adds `change`, its columns times `factors`, one value a column.
  package mutating func add(_ change: Matrix, scalingColumnsBy factors: [Float]) {
    precondition(shape == change.shape && factors.count == columns, "unequal shapes")
    let (source, factors, width) = (change.elements.span, factors.span, columns)
    forEachRow { index, row in
      let change = source.extracting(index * width..<(index + 1) * width)
      for column in row.indices {
        row[column] = Relaxed.multiplyAdd(change[column], factors[column], row[column])
      }
    }
  }

  /// Turns every row into probabilities; with `causalOffset`, row i sees the columns up to
  /// i + `causalOffset`, and the rest get 0.
  package mutating func softmaxRows(causalOffset: Int? = nil) {
    forEachRow { index, row in
      let visible = causalOffset.map { min(row.count, index + $0 + 1) } ?? row.count
      softmax(&row, visible: visible)
    }
  }

  /// Calls `body` with each row and its number, on several threads where there is enough to do.
  package mutating func forEachRow(_ body: (Int, inout MutableSpan<Float>) -> Void) {
    TensorMath.forEachRow(of: &elements, rows: rows, columns: columns, body)
  }
}

/// Gives a row mean 0 and variance 1 (population variance plus `epsilon`).
///
/// - Returns: What the centred row was multiplied by.
@inline(__always) @discardableResult
func standardize(
  _ source: Span<Float>, epsilon: Float, into row: inout MutableSpan<Float>
) -> Float {
  let scale = 1 / Float(source.count)
  var sum: Float = 0
  for column in source.indices { sum = Relaxed.sum(sum, source[column]) }
  let mean = sum * scale
  var squares: Float = 0
  for column in source.indices {
    let centred = source[column] - mean
    row[column] = centred
    squares = Relaxed.multiplyAdd(centred, centred, squares)
  }
  let factor = 1 / (squares * scale + epsilon).squareRoot()
  for column in row.indices { row[column] *= factor }
  return factor
}

/// What divides a row by its root mean square (with `epsilon` under the root).
@inline(__always)
func inverseRootMeanSquare(_ row: Span<Float>, epsilon: Float) -> Float {
  var squares: Float = 0
  for column in row.indices { squares = Relaxed.multiplyAdd(row[column], row[column], squares) }
  return 1 / (squares / Float(row.count) + epsilon).squareRoot()
}

func softmax(_ row: inout MutableSpan<Float>, visible: Int) {
  guard visible > 0 else { return }
  var largest = row[0]
  for column in 1..<max(visible, 1) { largest = row[column] > largest ? row[column] : largest }
  var sum: Float = 0
  for column in 0..<visible {
    let value = vectorExp(row[column] - largest)
    row[column] = value
    sum = Relaxed.sum(sum, value)
  }
  let factor = 1 / sum
  for column in 0..<visible { row[column] *= factor }
  for column in visible..<row.count { row[column] = 0 }
}

/// Softmax of one vector.
package func softmax(_ values: [Float]) -> [Float] {
  var row = Matrix(row: values)
  row.softmaxRows()
  return row.elements
}

/// The logistic function.
package func sigmoid(_ value: Float) -> Float {
  1 / (1 + vectorExp(-value))
}
