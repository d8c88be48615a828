internal import NeuralLayers
internal import TensorMath

extension ParameterLayout {
  /// Where a tensor of this policy lies.
  ///
  /// - Precondition: The name is one of the layout's.
  func place(_ name: String) -> Range<Int> {
    guard let range = range(of: name) else { preconditionFailure("no parameter '\(name)'") }
    return range
  }

  func place(_ key: TensorKey) -> Range<Int> { place(key.name) }

  func linear(_ key: LinearKey) -> LinearParameters {
    LinearParameters(
      weight: place(key.weightName), bias: key.hasBias ? place(key.biasName) : nil,
      outputWidth: key.outputWidth, inputWidth: key.inputWidth)
  }

  func norm(_ key: NormKey, epsilon: Float) -> NormParameters {
    NormParameters(
      weight: place("\(key.name).weight"), bias: place("\(key.name).bias"), epsilon: epsilon)
  }
}

/// The affine map of a layer norm among the parameters, where there is one.
struct NormParameters: Sendable {
  var weight: Range<Int>?
  var bias: Range<Int>?
  let epsilon: Float
}

extension Tape {
  func layerNorm(_ tokens: Variable, _ norm: NormParameters) -> Variable {
    layerNorm(tokens, weight: norm.weight, bias: norm.bias, epsilon: norm.epsilon)
  }

  /// A stack of linear maps with one activation between each two.
  func feedForward(
    _ tokens: Variable, _ layers: [LinearParameters], _ activation: Activation,
    addingTo residual: Variable? = nil
  ) -> Variable {
    var state = tokens
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      state = linear(state, layer, addingTo: isLast ? residual : nil)
      if !isLast { state = activate(state, activation) }
    }
    return state
  }
}

/// Ranges of these lengths, one after the other from 0.
func consecutiveRanges(_ lengths: [Int]) -> [Range<Int>] {
  var end = 0
  return lengths.map { length in
    end += length
    return end - length..<end
  }
}
