extension Activation {
  /// target = activation(source).
  package func apply(_ source: Span<Float>, into target: inout MutableSpan<Float>) {
    precondition(source.count == target.count, "\(source.count) values into \(target.count)")
    switch self {
    case .gelu: for i in target.indices { target[i] = vectorGELU(source[i]) }
    case .geluTanh: for i in target.indices { target[i] = vectorGELUTanh(source[i]) }
    case .silu: for i in target.indices { target[i] = vectorSiLU(source[i]) }
    }
  }

  /// target (+)= upstream · activation′(source).
  package func differentiate(
    _ source: Span<Float>, upstream: Span<Float>, into target: inout MutableSpan<Float>,
    adding: Bool
  ) {
    precondition(
      source.count == target.count && upstream.count == target.count, "unequal counts")
    switch self {
    case .gelu:
      for i in target.indices {
        target[i] = (adding ? target[i] : 0) + upstream[i] * vectorGELUSlope(source[i])
      }
    case .geluTanh:
      for i in target.indices {
        target[i] = (adding ? target[i] : 0) + upstream[i] * vectorGELUTanhSlope(source[i])
      }
    case .silu:
      for i in target.indices {
        target[i] = (adding ? target[i] : 0) + upstream[i] * vectorSiLUSlope(source[i])
      }
    }
  }
}

/// silu(gate) · up.
package func gateSiLU(
  gate: Span<Float>, up: Span<Float>, into target: inout MutableSpan<Float>
) {
  precondition(gate.count == target.count && up.count == target.count, "unequal counts")
  for i in target.indices { target[i] = vectorSiLU(gate[i]) * up[i] }
}

/// The gradients of `gateSiLU`, written.
package func gateSiLUGradient(
  gate: Span<Float>, up: Span<Float>, upstream: Span<Float>,
  intoGate gateGradient: inout MutableSpan<Float>, intoUp upGradient: inout MutableSpan<Float>
) {
  precondition(
    gate.count == upstream.count && up.count == upstream.count
      && gateGradient.count == upstream.count && upGradient.count == upstream.count,
    "unequal counts")
  for i in gateGradient.indices {
    let x = gate[i]
    let level = 1 / (1 + vectorExp(-x))
    let silu = x * level
    upGradient[i] = upstream[i] * silu
    gateGradient[i] = upstream[i] * up[i] * (level + silu * (1 - level))
  }
}

@inline(__always)
private func vectorSiLUSlope(_ x: Float) -> Float {
  let level = 1 / (1 + vectorExp(-x))
  return level + x * level * (1 - level)
}

/// Φ(x) + x φ(x).
@inline(__always)
private func vectorGELUSlope(_ x: Float) -> Float {
  let density = 0.398_942_28 * vectorExp(-0.5 * x * x)
  return 0.5 * (1 + vectorErf(x * 0.707_106_77)) + x * density
}

/// With u = √(2/π) (x + 0.044715 x³) and s the logistic function of 2u: s + x s (1 − s) 2u′.
@inline(__always)
private func vectorGELUTanhSlope(_ x: Float) -> Float {
  let square = x * x
  let doubled = 1.595_769_1 * (x + 0.044_715 * square * x)
  let level = 1 / (1 + vectorExp(-doubled))
  return level + x * level * (1 - level) * 1.595_769_1 * (1 + 0.134_145 * square)
}
