import Foundation

/// An element-wise nonlinearity, by the field's names.
package enum Activation: String, Codable, Sendable {
  /// x · Φ(x), with the error function.
  case gelu
  /// The tanh approximation of GELU.
  case geluTanh = "gelu_tanh"
  /// x · sigmoid(x).
  case silu

  /// Replaces each element by its activation.
  package func apply(to matrix: inout Matrix) {
    var values = matrix.elements.mutableSpan
    switch self {
    case .gelu:
      for index in values.indices {
        let x = values[index]
        values[index] = 0.5 * x * (1 + erff(x * 0.707_106_77))
      }
    case .geluTanh:
      for index in values.indices {
        let x = values[index]
        // (1 + tanh(u)) / 2 is the logistic function of 2u, and expf costs a third of tanhf.
        let doubled = 1.595_769_1 * (x + 0.044_715 * x * x * x)
        values[index] = x / (1 + expf(-doubled))
      }
    case .silu:
      for index in values.indices {
        let x = values[index]
        values[index] = x / (1 + expf(-x))
      }
    }
  }
}

extension Matrix {
  /// Replaces each element by silu(element) · `factor`'s element, the gate of a gated MLP.
  package mutating func gateWithSiLU(_ factor: Matrix) {
    precondition(shape == factor.shape, "\(shape) cannot gate \(factor.shape)")
    let factor = factor.elements.span
    var values = elements.mutableSpan
    for index in factor.indices {
      let x = values[index]
      values[index] = x / (1 + expf(-x)) * factor[index]
    }
  }
}
