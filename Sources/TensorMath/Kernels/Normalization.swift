import RealModule

/// What a norm does to one row of tokens.
package enum RowNorm: Sendable {
  /// Mean 0 and variance 1, then optionally an affine map (Ba, Kiros, Hinton, 2016).
  case layer(weight: [Float]?, bias: [Float]?, epsilon: Float)
  /// Divided by the root mean square, times a weight (Zhang and Sennrich, 2019), as in Llama.
  case rootMeanSquare(weight: [Float], epsilon: Float)

  /// - Returns: A new matrix of normalised rows.
  package func callAsFunction(_ tokens: Matrix) -> Matrix {
    var result = Matrix(rows: tokens.rows, columns: tokens.columns)
    let (source, width) = (tokens.elements.span, tokens.columns)
    result.forEachRow { index, row in
      normalize(source.extracting(index * width..<(index + 1) * width), into: &row)
    }
    return result
  }

  /// Normalises straight into the element type of the product that follows.
  package func callAsFunction(_ tokens: Matrix, into next: inout Activations) {
    let (source, width) = (tokens.elements.span, tokens.columns)
    next.fill(rows: tokens.rows, columns: width) { index, row in
      normalize(source.extracting(index * width..<(index + 1) * width), into: &row)
    }
  }

  private func normalize(_ source: Span<Float>, into row: inout MutableSpan<Float>) {
    switch self {
    case .rootMeanSquare(let weight, let epsilon):
      precondition(weight.count == row.count, "\(weight.count) weights for \(row.count) columns")
      let weight = weight.span
      let factor = inverseRootMeanSquare(source, epsilon: epsilon)
      for column in row.indices { row[column] = source[column] * factor * weight[column] }
    case .layer(let weight, let bias, let epsilon):
      standardize(source, epsilon: epsilon, into: &row)
      if let weight { multiply(&row, by: weight.span) }
      if let bias { add(bias.span, to: &row) }
    }
  }

  private func multiply(_ row: inout MutableSpan<Float>, by factors: Span<Float>) {
    precondition(factors.count == row.count, "\(factors.count) weights for \(row.count) columns")
    for column in row.indices { row[column] *= factors[column] }
  }

  private func add(_ values: Span<Float>, to row: inout MutableSpan<Float>) {
    precondition(values.count == row.count, "\(values.count) biases for \(row.count) columns")
    for column in row.indices { row[column] += values[column] }
  }
}
