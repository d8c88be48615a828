import Foundation
import RealModule

extension Matrix {
  /// Adds `bias`, one value a column, to every row.
  package mutating func addToRows(_ bias: [Float]) {
    precondition(bias.count == columns, "\(bias.count) values for \(columns) columns")
    let bias = bias.span
    forEachRow { row in
      for column in bias.indices { row[column] += bias[column] }
    }
  }

  /// Multiplies every row by `factors`, one value a column.
  package mutating func scaleColumns(by factors: [Float]) {
    precondition(factors.count == columns, "\(factors.count) values for \(columns) columns")
    let factors = factors.span
    forEachRow { row in
      for column in factors.indices { row[column] *= factors[column] }
    }
  }

  /// Gives every row mean 0 and variance 1 (population variance plus `epsilon`).
  package mutating func standardizeRows(epsilon: Float) {
    let scale = 1 / Float(columns)
    forEachRow { row in
      var sum: Float = 0
      for column in row.indices { sum = Relaxed.sum(sum, row[column]) }
      let mean = sum * scale
      var squares: Float = 0
      for column in row.indices {
        row[column] -= mean
        squares = Relaxed.multiplyAdd(row[column], row[column], squares)
      }
      let factor = 1 / (squares * scale + epsilon).squareRoot()
      for column in row.indices { row[column] *= factor }
    }
  }

  /// Divides every row by its root mean square (with `epsilon` under the root).
  package mutating func normalizeRowsByRootMeanSquare(epsilon: Float) {
    let scale = 1 / Float(columns)
    forEachRow { row in
      var squares: Float = 0
      for column in row.indices {
        squares = Relaxed.multiplyAdd(row[column], row[column], squares)
      }
      let factor = 1 / (squares * scale + epsilon).squareRoot()
      for column in row.indices { row[column] *= factor }
    }
  }

  /// Turns every row into probabilities; with `causalOffset`, row i sees the columns up to
  /// i + `causalOffset`, and the rest get 0.
  package mutating func softmaxRows(causalOffset: Int? = nil) {
    var index = 0
    forEachRow { row in
      let visible = causalOffset.map { min(row.count, index + $0 + 1) } ?? row.count
      softmax(&row, visible: visible)
      index += 1
    }
  }

  /// Calls `body` with each row in turn.
  package mutating func forEachRow(_ body: (inout MutableSpan<Float>) -> Void) {
    let width = columns
    guard width > 0 else { return }
    var all = elements.mutableSpan
    for start in stride(from: 0, to: all.count, by: width) {
      var row = all._mutatingExtracting(start..<start + width)
      body(&row)
    }
  }
}

private func softmax(_ row: inout MutableSpan<Float>, visible: Int) {
  guard visible > 0 else { return }
  var largest = row[0]
  for column in 1..<max(visible, 1) { largest = row[column] > largest ? row[column] : largest }
  var sum: Float = 0
  for column in 0..<visible {
    let value = expf(row[column] - largest)
    row[column] = value
    sum += value
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
  1 / (1 + expf(-value))
}
