package import TensorMath

/// Bidirectional self-attention with one joint projection to queries, keys and values, as in timm's
/// vision transformers, CogACT's DiT and PyTorch's encoder layer.
package struct SelfAttention: Sendable {
  /// `[3 * width, width]`: queries, keys, values.
  private let jointProjection: Linear
  private let outputProjection: Linear
  private let shape: AttentionShape

  /// - Parameters: Linear maps of the same precision.
  package init(jointProjection: Linear, outputProjection: Linear, headCount: Int) {
    self.jointProjection = jointProjection
    self.outputProjection = outputProjection
    shape = AttentionShape(
      headCount: headCount, keyValueHeadCount: headCount,
      headWidth: outputProjection.outputWidth / headCount)
  }

  var precision: Precision { jointProjection.weight.precision }

  var products: [LayerProduct] {
    [jointProjection, outputProjection].map { LayerProduct($0.weight) }
  }

  /// - Parameters:
  ///   - tokens: `[sequenceCount * sequenceLength, width]`; sequences do not see one another.
  ///   - sequenceCount: The number of sequences below one another.
  /// - Returns: The same shape.
  package func callAsFunction(
    _ tokens: Matrix, sequenceCount: Int = 1, counting counter: inout MACCounter
  ) -> Matrix {
    var scratch = LayerScratch(precision)
    scratch.input.fill(tokens)
    var result = Matrix(rows: tokens.rows, columns: outputProjection.outputWidth)
    callAsFunction(
      into: &result, finish: .store, sequenceCount: sequenceCount, scratch: &scratch,
      counting: &counter)
    return result
  }

  /// Attends among the tokens in `scratch.input`, which is then undefined.
  func callAsFunction(
    into result: inout Matrix, finish: Finish, sequenceCount: Int, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    let (rows, width) = (scratch.input.rows, shape.width)
    scratch.queries.reshape(rows: rows, columns: 3 * width)
    scratch.mixed.reshape(rows: rows, columns: width)
    jointProjection(
      scratch.input, into: &scratch.queries, workspace: &scratch.workspace, counting: &counter)
    let length = rows / sequenceCount
    for sequence in 0..<sequenceCount {
      let own = sequence * length..<(sequence + 1) * length
      func part(_ index: Int) -> HeadColumns {
        HeadColumns(rows: own, firstColumn: index * width, stride: 3 * width)
      }
      let joint = scratch.queries.elements
      shape.attend(
        joint, part(0), joint, part(1), joint, part(2), causal: false,
        into: &scratch.mixed.elements, HeadColumns(rows: own, stride: width),
        scores: &scratch.scores, counting: &counter)
    }
    scratch.input.fill(scratch.mixed)
    outputProjection(
      scratch.input, finish: finish, into: &result, workspace: &scratch.workspace,
      counting: &counter)
  }
}
