package import TensorMath

/// A pre-norm transformer block whose tokens all see one another: timm's vision transformers, with
/// LayerScale where there are scales, and CogACT's DiT.
package struct EncoderBlock: Sendable {
  private let attentionNorm: LayerNorm
  private let attention: SelfAttention
  private let attentionScale: [Float]?
  private let feedForwardNorm: LayerNorm
  private let feedForward: FeedForward
  private let feedForwardScale: [Float]?

  package init(
    attentionNorm: LayerNorm, attention: SelfAttention, attentionScale: [Float]? = nil,
    feedForwardNorm: LayerNorm, feedForward: FeedForward, feedForwardScale: [Float]? = nil
  ) {
    self.attentionNorm = attentionNorm
    self.attention = attention
    self.attentionScale = attentionScale
    self.feedForwardNorm = feedForwardNorm
    self.feedForward = feedForward
    self.feedForwardScale = feedForwardScale
  }

  /// What the products of this block read; a stack's scratch must be made for it.
  package var precision: Precision { attention.precision }

  /// The products in the order in which they run: joint, output, expand, contract.
  package var products: [LayerProduct] { attention.products + feedForward.products }

  /// - Parameter tokens: `[sequenceCount * sequenceLength, width]`, replaced by the block's answer;
  ///   sequences do not see one another.
  package func callAsFunction(
    _ tokens: inout Matrix, sequenceCount: Int = 1, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    attentionNorm(tokens, into: &scratch.input)
    change(&tokens, scaledBy: attentionScale, &scratch) { result, finish, scratch in
      attention(
        into: &result, finish: finish, sequenceCount: sequenceCount, scratch: &scratch,
        counting: &counter)
    }
    feedForwardNorm(tokens, into: &scratch.input)
    change(&tokens, scaledBy: feedForwardScale, &scratch) { result, finish, scratch in
      feedForward(into: &result, finish: finish, scratch: &scratch, counting: &counter)
    }
  }

  /// Adds what `part` answers, scaled where there is a scale.
  private func change(
    _ tokens: inout Matrix, scaledBy scale: [Float]?, _ scratch: inout LayerScratch,
    _ part: (inout Matrix, Finish, inout LayerScratch) -> Void
  ) {
    guard let scale else { return part(&tokens, .add, &scratch) }
    var change = Matrix(rows: 0, columns: 0)
    swap(&change, &scratch.change)
    change.reshape(rows: tokens.rows, columns: tokens.columns)
    part(&change, .store, &scratch)
    tokens.add(change, scalingColumnsBy: scale)
    swap(&change, &scratch.change)
  }
}
