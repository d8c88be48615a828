package import TensorMath

/// An affine map of each token, `y = x Wᵀ + b`.
package struct Linear: Sendable {
  /// `[out, in]`, as PyTorch stores it.
  package let weight: Matrix
  /// `[out]`, where there is one.
  package let bias: [Float]?

  package init(weight: Matrix, bias: [Float]? = nil) {
    self.weight = weight
    self.bias = bias
  }

  package var inputWidth: Int { weight.columns }
  package var outputWidth: Int { weight.rows }

  /// - Parameter tokens: `[tokenCount, in]`.
  /// - Returns: `[tokenCount, out]`.
  package func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var result = tokens.product(transposing: weight, counting: &counter)
    if let bias { result.addToRows(bias) }
    return result
  }
}
