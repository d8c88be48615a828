internal import Checkpoints
internal import NeuralLayers
internal import TensorMath

/// Turns keys into layers with the weights of one checkpoint.
struct ParameterLoader {
  let archive: TensorArchive

  func linear(_ key: LinearKey) throws -> Linear {
    let shape = key.weightShape ?? [key.outputWidth, key.inputWidth]
    return Linear(
      weight: Matrix(
        rows: key.outputWidth, columns: key.inputWidth,
        elements: try archive.floats(key.weightName, shape: shape)),
      bias: key.hasBias ? try archive.floats(key.biasName, shape: [key.outputWidth]) : nil)
  }

  func norm(_ key: NormKey, epsilon: Float) throws -> LayerNorm {
    LayerNorm(
      weight: try archive.floats("\(key.name).weight", shape: [key.width]),
      bias: try archive.floats("\(key.name).bias", shape: [key.width]), epsilon: epsilon)
  }

  func vector(_ key: TensorKey) throws -> [Float] {
    try archive.floats(key.name, shape: key.shape)
  }

  /// The tensor as rows of `columns` values.
  func matrix(_ key: TensorKey, columns: Int) throws -> Matrix {
    let values = try archive.floats(key.name, shape: key.shape)
    return Matrix(rows: values.count / columns, columns: columns, elements: values)
  }
}
