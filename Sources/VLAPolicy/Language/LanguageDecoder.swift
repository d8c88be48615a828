package import NeuralLayers
package import TensorMath

/// A Llama-family decoder whose layers are run one by one, by whoever decides which.
package struct LanguageDecoder: Sendable {
  package let configuration: LanguageConfiguration
  private let embedding: any StoredWeight
  private let layers: [DecoderBlock]
  private let finalNorm: RMSNorm
  private let head: Linear?

  init(_ configuration: Configuration, loader: ParameterLoader) throws {
    try self.init(configuration.language, keys: DecoderKeys(configuration), loader: loader)
  }

  init(_ language: LanguageConfiguration, keys: DecoderKeys, loader: ParameterLoader) throws {
    self.configuration = language
    embedding = try loader.table(keys.embedding)
    layers = try keys.layers.map { try DecoderBlock($0, language: language, loader: loader) }
    finalNorm = RMSNorm(
      weight: try loader.vector(keys.finalNorm), epsilon: language.rmsNormEpsilon)
    head = try keys.head.map { try loader.linear($0, quantizing: false) }
  }

  package var depth: Int { layers.count }

  /// - Returns: `[ids.count, width]`.
  package func embed(_ ids: [Int]) -> Matrix {
    embedding.gathering(ids, columns: configuration.width)
  }

  /// The rotary embedding of tokens at these positions.
  package func rotation(positions: [Int]) -> RotaryEmbedding {
    RotaryEmbedding(
      positions: positions, frequencies: configuration.rotaryFrequencies)
  }

  /// Memory for running this decoder's layers.
  package var scratch: LayerScratch { LayerScratch(layers[0].precision) }

  /// The products of one layer, apart from what joins them.
  package func products(ofLayer layer: Int) -> [LayerProduct] { layers[layer].products }

  /// The feed-forward block of a layer, where it is factorized.
  package func experts(ofLayer layer: Int) -> FactorizedFeedForward? { layers[layer].experts }

  /// Runs one layer over all tokens of `hidden`, `[tokenCount, width]`, in place.
  ///
  /// - Parameters:
  ///   - sequences: The rows of each sequence, which do not see one another's.
  ///   - rotation: The positions of all rows.
  ///   - caches: One a sequence, or `nil` where nothing came before and nothing comes after.
  package func run(
    _ layer: Int, on hidden: inout Matrix, sequences: [Range<Int>], rotation: RotaryEmbedding,
    caches: inout [KeyValueCache]?, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    layers[layer](
      &hidden, sequences: sequences, rotation: rotation, caches: &caches, scratch: &scratch,
      counting: &counter)
  }

  /// Runs the second half of one layer alone: adds what its feed-forward block makes of `hidden`.
  package func addFeedForward(
    ofLayer layer: Int, to hidden: inout Matrix, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    layers[layer].addFeedForward(to: &hidden, scratch: &scratch, counting: &counter)
  }

  /// The final norm, after the last layer that runs.
  package func normalize(_ hidden: Matrix) -> Matrix {
    finalNorm(hidden)
  }

  /// Next-token scores of normalised states, `[tokenCount, vocabularySize]`.
  ///
  /// - Precondition: The configuration has an action-token head.
  package func logits(_ normalized: Matrix, counting counter: inout MACCounter) -> Matrix {
    guard let head else { preconditionFailure("this decoder was loaded without its head") }
    return head(normalized, counting: &counter)
  }
}

extension DecoderBlock {
  init(_ keys: DecoderLayerKeys, language: LanguageConfiguration, loader: ParameterLoader) throws {
    let epsilon = language.rmsNormEpsilon
    self.init(
      attentionNorm: RMSNorm(weight: try loader.vector(keys.attentionNorm), epsilon: epsilon),
      attention: CausalSelfAttention(
        queryProjection: try loader.linear(keys.query),
        keyProjection: try loader.linear(keys.key),
        valueProjection: try loader.linear(keys.value),
        outputProjection: try loader.linear(keys.output),
        shape: AttentionShape(
          headCount: language.heads, keyValueHeadCount: language.keyValueHeads,
          headWidth: language.headWidth)),
      feedForwardNorm: RMSNorm(
        weight: try loader.vector(keys.feedForwardNorm), epsilon: epsilon),
      feedForward: try DecoderFeedForward(keys.feedForward, language: language, loader: loader))
  }
}

extension DecoderFeedForward {
  fileprivate init(
    _ keys: FeedForwardKeys, language: LanguageConfiguration, loader: ParameterLoader
  ) throws {
    let blocks = try keys.experts.map { expert in
      GatedFeedForward(
        gate: try loader.linear(expert.gate), up: try loader.linear(expert.up),
        down: try loader.linear(expert.down))
    }
    guard let router = keys.router, let factorization = language.factorization else {
      self = .dense(blocks[0])
      return
    }
    self = .factorized(
      FactorizedFeedForward(
        experts: blocks, router: try loader.linear(router, quantizing: false),
        routing: factorization.routing))
  }
}
