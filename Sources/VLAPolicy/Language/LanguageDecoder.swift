package import NeuralLayers
package import TensorMath

/// A Llama-family decoder whose layers are run one by one, by whoever decides which.
package struct LanguageDecoder: Sendable {
  package let configuration: LanguageConfiguration
  private let embedding: Matrix
  private let layers: [DecoderLayer]
  private let finalNorm: RMSNorm
  private let head: Linear?

  init(_ configuration: Configuration, loader: ParameterLoader) throws {
    try self.init(configuration.language, keys: DecoderKeys(configuration), loader: loader)
  }

  init(_ language: LanguageConfiguration, keys: DecoderKeys, loader: ParameterLoader) throws {
    self.configuration = language
    embedding = try loader.matrix(keys.embedding, columns: language.width)
    layers = try keys.layers.map { try DecoderLayer($0, language: language, loader: loader) }
    finalNorm = RMSNorm(
      weight: try loader.vector(keys.finalNorm), epsilon: language.rmsNormEpsilon)
    head = try keys.head.map(loader.linear)
  }

  package var depth: Int { layers.count }

  /// - Returns: `[ids.count, width]`.
  package func embed(_ ids: [Int]) -> Matrix {
    embedding.gathering(ids)
  }

  /// The rotary embedding of tokens at these positions.
  package func rotation(positions: [Int]) -> RotaryEmbedding {
    RotaryEmbedding(
      positions: positions, frequencies: configuration.rotaryFrequencies)
  }

  /// Runs one layer over all tokens of `hidden`, `[tokenCount, width]`, in place.
  package func run(
    _ layer: Int, on hidden: inout Matrix, rotation: RotaryEmbedding,
    cache: inout KeyValueCache, counting counter: inout MACCounter
  ) {
    layers[layer](&hidden, rotation: rotation, cache: &cache, counting: &counter)
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

/// One pre-norm decoder layer.
struct DecoderLayer: Sendable {
  private let attentionNorm: RMSNorm
  private let attention: CausalSelfAttention
  private let feedForwardNorm: RMSNorm
  private let feedForward: GatedFeedForward

  init(_ keys: DecoderLayerKeys, language: LanguageConfiguration, loader: ParameterLoader) throws {
    attentionNorm = RMSNorm(
      weight: try loader.vector(keys.attentionNorm), epsilon: language.rmsNormEpsilon)
    attention = CausalSelfAttention(
      queryProjection: try loader.linear(keys.query), keyProjection: try loader.linear(keys.key),
      valueProjection: try loader.linear(keys.value),
      outputProjection: try loader.linear(keys.output),
      attention: ScaledDotProduct(
        headCount: language.heads, keyValueHeadCount: language.keyValueHeads,
        headWidth: language.headWidth))
    feedForwardNorm = RMSNorm(
      weight: try loader.vector(keys.feedForwardNorm), epsilon: language.rmsNormEpsilon)
    feedForward = GatedFeedForward(
      gate: try loader.linear(keys.gate), up: try loader.linear(keys.up),
      down: try loader.linear(keys.down))
  }

  func callAsFunction(
    _ hidden: inout Matrix, rotation: RotaryEmbedding, cache: inout KeyValueCache,
    counting counter: inout MACCounter
  ) {
    hidden.add(
      attention(attentionNorm(hidden), rotation: rotation, cache: &cache, counting: &counter))
    hidden.add(feedForward(feedForwardNorm(hidden), counting: &counter))
  }
}
