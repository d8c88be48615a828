package import TensorMath

/// One pre-norm decoder layer of the Llama family.
package struct DecoderBlock: Sendable {
  private let attentionNorm: RMSNorm
  private let attention: CausalSelfAttention
  private let feedForwardNorm: RMSNorm
  private let feedForward: DecoderFeedForward

  package init(
    attentionNorm: RMSNorm, attention: CausalSelfAttention, feedForwardNorm: RMSNorm,
    feedForward: DecoderFeedForward
  ) {
    self.attentionNorm = attentionNorm
    self.attention = attention
    self.feedForwardNorm = feedForwardNorm
    self.feedForward = feedForward
  }

  /// What the products of this layer read; a stack's scratch must be made for it.
  package var precision: Precision { attention.precision }

  /// The feed-forward block, where it is factorized.
  package var experts: FactorizedFeedForward? {
    if case .factorized(let block) = feedForward { block } else { nil }
  }

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
    addFeedForward(to: &tokens, scratch: &scratch, counting: &counter)
  }

  /// The second half of the layer: adds what the feed-forward block makes of the tokens.
  package func addFeedForward(
    to tokens: inout Matrix, scratch: inout LayerScratch, counting counter: inout MACCounter
  ) {
    scratch.experts.reset()
    switch feedForward {
    case .dense(let block):
      feedForwardNorm(tokens, into: &scratch.input)
      block(addingTo: &tokens, scratch: &scratch, counting: &counter)
    case .factorized(let block):
      block(
        addingTo: &tokens, normalized: feedForwardNorm(tokens), scratch: &scratch,
        counting: &counter)
    }
  }
}

/// What follows attention in a decoder layer.
package enum DecoderFeedForward: Sendable {
  case dense(GatedFeedForward)
  case factorized(FactorizedFeedForward)

  var products: [LayerProduct] {
    switch self {
    case .dense(let block): block.products
    case .factorized(let block): block.products
    }
  }
}
