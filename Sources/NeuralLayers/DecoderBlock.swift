package import TensorMath

/// One pre-norm decoder layer of the Llama family.
package struct DecoderBlock: Sendable {
  private let attentionNorm: RMSNorm
  private let attention: CausalSelfAttention
  private let feedForwardNorm: RMSNorm
  private let feedForward: GatedFeedForward

  package init(
    attentionNorm: RMSNorm, attention: CausalSelfAttention, feedForwardNorm: RMSNorm,
    feedForward: GatedFeedForward
  ) {
    self.attentionNorm = attentionNorm
    self.attention = attention
    self.feedForwardNorm = feedForwardNorm
    self.feedForward = feedForward
  }

  /// What the products of this layer read; a stack's scratch must be made for it.
  package var precision: Precision { attention.precision }

  /// The products in the order in which they run: query, key, value, output, gate, up, down.
  package var products: [LayerProduct] { attention.products + feedForward.products }

  /// Replaces the tokens by the layer's answer; see `CausalSelfAttention` for the parameters.
  package func callAsFunction(
    _ tokens: inout Matrix, sequences: [Range<Int>], rotation: RotaryEmbedding,
    caches: inout [KeyValueCache]?, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    attentionNorm(tokens, into: &scratch.input)
    attention(
      addingTo: &tokens, sequences: sequences, rotation: rotation, caches: &caches,
      scratch: &scratch, counting: &counter)
    feedForwardNorm(tokens, into: &scratch.input)
    feedForward(addingTo: &tokens, scratch: &scratch, counting: &counter)
  }
}
