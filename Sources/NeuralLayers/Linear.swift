package import TensorMath

/// An affine map of each token, `y = x Wᵀ + b`.
package struct Linear: Sendable {
  /// `[out, in]`, as PyTorch stores it.
  package let weight: PreparedWeight
  /// `[out]`, where there is one.
  package let bias: [Float]?

  package init(_ weight: PreparedWeight, bias: [Float]? = nil) {
    self.weight = weight
    self.bias = bias
  }

  package init(weight: Matrix, bias: [Float]? = nil) {
    self.init(PreparedWeight(weight), bias: bias)
  }

  package var inputWidth: Int { weight.inputWidth }
  package var outputWidth: Int { weight.outputWidth }

  /// - Parameter tokens: `[tokenCount, in]`.
  /// - Returns: `[tokenCount, out]`.
  package func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var result = Matrix(rows: tokens.rows, columns: outputWidth)
    var workspace = Workspace()
    callAsFunction(
      Activations(tokens, as: weight.precision), into: &result, workspace: &workspace,
      counting: &counter)
    return result
  }

  /// - Parameters:
  ///   - tokens: `[tokenCount, in]`, in the weight's precision.
  ///   - result: `[tokenCount, out]`, written or added to.
  package func callAsFunction(
    _ tokens: Activations, finish: Finish = .store, into result: inout Matrix,
    workspace: inout Workspace, counting counter: inout MACCounter
  ) {
    weight.multiply(
      tokens, bias: bias, finish: finish, into: &result, workspace: &workspace,
      counting: &counter)
  }
}
