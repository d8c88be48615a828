package import TensorMath

/// Bidirectional self-attention with one joint projection to queries, keys and values, as in timm's
/// vision transformers, CogACT's DiT and PyTorch's encoder layer.
package struct SelfAttention: Sendable {
  /// `[3 * width, width]`: queries, keys, values.
  private let jointProjection: Linear
  private let outputProjection: Linear
  private let attention: ScaledDotProduct

  package init(jointProjection: Linear, outputProjection: Linear, headCount: Int) {
    self.jointProjection = jointProjection
    self.outputProjection = outputProjection
    attention = ScaledDotProduct(
      headCount: headCount, keyValueHeadCount: headCount,
      headWidth: outputProjection.outputWidth / headCount)
  }

  /// - Parameters:
  ///   - tokens: `[sequenceCount * sequenceLength, width]`; sequences do not see one another.
  ///   - sequenceCount: The number of sequences below one another.
  /// - Returns: The same shape.
  package func callAsFunction(
    _ tokens: Matrix, sequenceCount: Int = 1, counting counter: inout MACCounter
  ) -> Matrix {
    let joint = jointProjection(tokens, counting: &counter)
    let length = tokens.rows / sequenceCount
    var mixed: [Float] = []
    mixed.reserveCapacity(tokens.elements.count)
    for sequence in 0..<sequenceCount {
      let parts = joint.rows(sequence * length..<(sequence + 1) * length).splitColumns(into: 3)
      mixed +=
        attention(
          queries: parts[0], keys: parts[1], values: parts[2], causal: false, counting: &counter
        ).elements
    }
    return outputProjection(
      Matrix(rows: tokens.rows, columns: tokens.columns, elements: mixed), counting: &counter)
  }
}

extension Matrix {
  /// Cuts the columns into equal parts.
  func splitColumns(into count: Int) -> [Matrix] {
    let width = columns / count
    return (0..<count).map { part in
      var elements: [Float] = []
      elements.reserveCapacity(rows * width)
      for row in 0..<rows {
        let start = row * columns + part * width
        elements.append(contentsOf: self.elements[start..<start + width])
      }
      return Matrix(rows: rows, columns: width, elements: elements)
    }
  }
}
