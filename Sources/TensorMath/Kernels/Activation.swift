/// An element-wise nonlinearity, by the field's names.
package enum Activation: String, Codable, Sendable {
  /// x · Φ(x), with the error function.
  case gelu
  /// The tanh approximation of GELU.
  case geluTanh = "gelu_tanh"
  /// x · sigmoid(x).
  case silu

  /// Replaces each element by its activation.
  func apply(to values: inout MutableSpan<Float>) {
    switch self {
    case .gelu: for index in values.indices { values[index] = vectorGELU(values[index]) }
    case .geluTanh: for index in values.indices { values[index] = vectorGELUTanh(values[index]) }
    case .silu: for index in values.indices { values[index] = vectorSiLU(values[index]) }
    }
  }

  /// Replaces each element by its activation.
  package func apply(to matrix: inout Matrix) {
    matrix.forEachRow { _, row in apply(to: &row) }
  }
}
