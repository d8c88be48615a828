package import TensorMath

/// The keys and values that one decoder layer has seen.
package struct KeyValueCache: Sendable {
  fileprivate var keys: Matrix?
  fileprivate var values: Matrix?

  package init() {}

  fileprivate mutating func append(keys newKeys: Matrix, values newValues: Matrix) {
    keys = keys.map { $0.appending(newKeys) } ?? newKeys
    values = values.map { $0.appending(newValues) } ?? newValues
  }
}

/// Llama's self-attention: separate projections, rotary positions, causal, grouped queries.
package struct CausalSelfAttention: Sendable {
  private let queryProjection: Linear
  private let keyProjection: Linear
  private let valueProjection: Linear
  private let outputProjection: Linear
  private let attention: ScaledDotProduct

  package init(
    queryProjection: Linear, keyProjection: Linear, valueProjection: Linear,
    outputProjection: Linear, attention: ScaledDotProduct
  ) {
    self.queryProjection = queryProjection
    self.keyProjection = keyProjection
    self.valueProjection = valueProjection
    self.outputProjection = outputProjection
    self.attention = attention
  }

  /// - Parameters:
  ///   - tokens: `[tokenCount, width]`, in the order of their positions.
  ///   - rotation: The positions of these tokens.
  ///   - cache: What came before; these tokens' keys and values are appended.
  /// - Returns: `[tokenCount, width]`.
  package func callAsFunction(
    _ tokens: Matrix, rotation: RotaryEmbedding, cache: inout KeyValueCache,
    counting counter: inout MACCounter
  ) -> Matrix {
    var queries = queryProjection(tokens, counting: &counter)
    var keys = keyProjection(tokens, counting: &counter)
    let values = valueProjection(tokens, counting: &counter)
    rotation.rotate(&queries)
    rotation.rotate(&keys)
    cache.append(keys: keys, values: values)
    let mixed = attention(
      queries: queries, keys: cache.keys ?? keys, values: cache.values ?? values, causal: true,
      counting: &counter)
    return outputProjection(mixed, counting: &counter)
  }
}
