package import TensorMath

/// A stack of linear maps with one activation between each two.
package struct FeedForward: Sendable {
  private let layers: [Linear]
  private let activation: Activation

  /// - Parameter layers: At least one, all of the same precision.
  package init(_ layers: [Linear], activation: Activation) {
    precondition(!layers.isEmpty, "a stack of no layers")
    self.layers = layers
    self.activation = activation
  }

  var precision: Precision { layers[0].weight.precision }

  /// The products in the order in which they run.
  package var products: [LayerProduct] {
    layers.indices.map { LayerProduct(layers[$0].weight, narrowsResult: $0 < layers.count - 1) }
  }

  /// - Parameter tokens: `[tokenCount, in]` of the first layer.
  /// - Returns: `[tokenCount, out]` of the last layer.
  package func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var scratch = LayerScratch(precision)
    scratch.input.fill(tokens)
    var result = Matrix(rows: tokens.rows, columns: layers[layers.count - 1].outputWidth)
    callAsFunction(into: &result, finish: .store, scratch: &scratch, counting: &counter)
    return result
  }

  /// Maps the tokens in `scratch.input`, which is then undefined.
  func callAsFunction(
    into result: inout Matrix, finish: Finish, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    for layer in layers.dropLast() {
      layer.weight.multiply(
        scratch.input, bias: layer.bias, activation: activation, into: &scratch.hidden,
        workspace: &scratch.workspace, counting: &counter)
      swap(&scratch.input, &scratch.hidden)
    }
    layers[layers.count - 1](
      scratch.input, finish: finish, into: &result, workspace: &scratch.workspace,
      counting: &counter)
  }
}

/// Llama's gated feed-forward block, `down(silu(gate(x)) · up(x))`.
package struct GatedFeedForward: Sendable {
  private let gate: Linear
  private let up: Linear
  private let down: Linear

  /// - Parameters: Linear maps without biases, all of the same precision.
  package init(gate: Linear, up: Linear, down: Linear) {
    self.gate = gate
    self.up = up
    self.down = down
  }

  /// - Parameter tokens: `[tokenCount, width]`; the answer has the same shape.
  package func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var scratch = LayerScratch(gate.weight.precision)
    scratch.input.fill(tokens)
    var result = Matrix(rows: tokens.rows, columns: down.outputWidth)
    callAsFunction(into: &result, finish: .store, scratch: &scratch, counting: &counter)
    return result
  }

  var precision: Precision { gate.weight.precision }

  var products: [LayerProduct] {
    [
      LayerProduct(gate.weight, narrowsResult: true),
      LayerProduct(up.weight, narrowsResult: true), LayerProduct(down.weight),
    ]
  }

  /// Adds the block's answer to the tokens in `scratch.input` to `tokens`, `[tokenCount, width]`.
  func callAsFunction(
    addingTo tokens: inout Matrix, scratch: inout LayerScratch, counting counter: inout MACCounter
  ) {
    callAsFunction(into: &tokens, finish: .add, scratch: &scratch, counting: &counter)
  }

  /// Maps the tokens in `scratch.input`.
  func callAsFunction(
    into result: inout Matrix, finish: Finish, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    GatedProduct.multiply(
      scratch.input, gate: gate.weight, up: up.weight, spare: &scratch.gate,
      into: &scratch.hidden, workspace: &scratch.workspace, counting: &counter)
    down(
      scratch.hidden, finish: finish, into: &result, workspace: &scratch.workspace,
      counting: &counter)
  }
}
