package import TensorMath

/// Layer normalisation, with or without an affine map (Ba, Kiros, Hinton, 2016).
package struct LayerNorm: Sendable {
  private let norm: RowNorm

  package init(weight: [Float]? = nil, bias: [Float]? = nil, epsilon: Float) {
    norm = .layer(weight: weight, bias: bias, epsilon: epsilon)
  }

  /// - Parameter tokens: `[tokenCount, width]`; the result has the same shape.
  package func callAsFunction(_ tokens: Matrix) -> Matrix { norm(tokens) }

  /// Straight into the element type of the product that follows.
  package func callAsFunction(_ tokens: Matrix, into next: inout Activations) {
    norm(tokens, into: &next)
  }
}

/// Root-mean-square normalisation (Zhang and Sennrich, 2019), as in Llama.
package struct RMSNorm: Sendable {
  private let norm: RowNorm

  package init(weight: [Float], epsilon: Float) {
    norm = .rootMeanSquare(weight: weight, epsilon: epsilon)
  }

  /// - Parameter tokens: `[tokenCount, width]`; the result has the same shape.
  package func callAsFunction(_ tokens: Matrix) -> Matrix { norm(tokens) }

  /// Straight into the element type of the product that follows.
  package func callAsFunction(_ tokens: Matrix, into next: inout Activations) {
    norm(tokens, into: &next)
  }
}
