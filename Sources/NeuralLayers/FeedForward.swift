package import TensorMath

/// A stack of linear maps with one activation between each two.
package struct FeedForward: Sendable {
  private let layers: [Linear]
  private let activation: Activation

  package init(_ layers: [Linear], activation: Activation) {
    self.layers = layers
    self.activation = activation
  }

  /// - Parameter tokens: `[tokenCount, in]` of the first layer.
  /// - Returns: `[tokenCount, out]` of the last layer.
  package func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var state = tokens
    for (index, layer) in layers.enumerated() {
      if index > 0 { activation.apply(to: &state) }
      state = layer(state, counting: &counter)
    }
    return state
  }
}

/// Llama's gated feed-forward block, `down(silu(gate(x)) · up(x))`.
package struct GatedFeedForward: Sendable {
  private let gate: Linear
  private let up: Linear
  private let down: Linear

  package init(gate: Linear, up: Linear, down: Linear) {
    self.gate = gate
    self.up = up
    self.down = down
  }

  /// - Parameter tokens: `[tokenCount, width]`; the result has the same shape.
  package func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var gated = gate(tokens, counting: &counter)
    gated.gateWithSiLU(up(tokens, counting: &counter))
    return down(gated, counting: &counter)
  }
}
