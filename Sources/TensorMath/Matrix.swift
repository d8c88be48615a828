/// A dense row-major matrix of 32-bit floats: a token a row.
package struct Matrix: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  package var elements: [Float]

  /// - Precondition: `elements.count` is `rows * columns`.
  package init(rows: Int, columns: Int, elements: [Float]) {
    precondition(
      elements.count == rows * columns, "\(elements.count) values are no \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    self.init(
      rows: rows, columns: columns, elements: [Float](repeating: 0, count: rows * columns))
  }

  /// A matrix of one row.
  package init(row: [Float]) {
    self.init(rows: 1, columns: row.count, elements: row)
  }

  package var shape: [Int] { [rows, columns] }

  /// A copy of one row.
  package func row(_ index: Int) -> [Float] {
    Array(elements[index * columns..<(index + 1) * columns])
  }

  /// A copy of consecutive rows.
  package func rows(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: range.count, columns: columns,
      elements: Array(elements[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// The rows at `indices`, in their order.
  package func gathering(_ indices: [Int]) -> Matrix {
    var gathered: [Float] = []
    gathered.reserveCapacity(indices.count * columns)
    for index in indices {
      gathered.append(contentsOf: elements[index * columns..<(index + 1) * columns])
    }
    return Matrix(rows: indices.count, columns: columns, elements: gathered)
  }

  /// This matrix with the rows of `other` below.
  package func appending(_ other: Matrix) -> Matrix {
    precondition(columns == other.columns, "\(columns) columns above \(other.columns)")
    return Matrix(
      rows: rows + other.rows, columns: columns, elements: elements + other.elements)
  }

  /// The mean of the rows.
  package var rowMean: [Float] {
    var mean = [Float](repeating: 0, count: columns)
    for start in stride(from: 0, to: elements.count, by: max(columns, 1)) {
      for column in 0..<columns { mean[column] += elements[start + column] }
    }
    let scale = 1 / Float(max(rows, 1))
    for column in 0..<columns { mean[column] *= scale }
    return mean
  }

  /// Takes this shape; where it is another than before, all elements become 0.
  package mutating func reshape(rows: Int, columns: Int) {
    if shape != [rows, columns] { self = Matrix(rows: rows, columns: columns) }
  }

  /// Adds `other` to this matrix, element by element.
  package mutating func add(_ other: Matrix) {
    precondition(shape == other.shape, "\(shape) and \(other.shape) cannot be added")
    let source = other.elements.span
    var target = elements.mutableSpan
    for index in source.indices { target[index] += source[index] }
  }
}
