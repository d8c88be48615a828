package import TensorMath

/// Layer normalisation, with or without an affine map (Ba, Kiros, Hinton, 2016).
package struct LayerNorm: Sendable {
  private let weight: [Float]?
  private let bias: [Float]?
  private let epsilon: Float

  package init(weight: [Float]? = nil, bias: [Float]? = nil, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }

  /// - Parameter tokens: `[tokenCount, width]`; the result has the same shape.
  package func callAsFunction(_ tokens: Matrix) -> Matrix {
    var result = tokens
    result.standardizeRows(epsilon: epsilon)
    if let weight { result.scaleColumns(by: weight) }
    if let bias { result.addToRows(bias) }
    return result
  }
}

/// Root-mean-square normalisation (Zhang and Sennrich, 2019), as in Llama.
package struct RMSNorm: Sendable {
  private let weight: [Float]
  private let epsilon: Float

  package init(weight: [Float], epsilon: Float) {
    self.weight = weight
    self.epsilon = epsilon
  }

  /// - Parameter tokens: `[tokenCount, width]`; the result has the same shape.
  package func callAsFunction(_ tokens: Matrix) -> Matrix {
    var result = tokens
    result.normalizeRowsByRootMeanSquare(epsilon: epsilon)
    result.scaleColumns(by: weight)
    return result
  }
}
