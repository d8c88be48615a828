package import TensorMath

/// Llama's self-attention: separate projections, rotary positions, causal, grouped queries.
package struct CausalSelfAttention: Sendable {
  private let queryProjection: Linear
  private let keyProjection: Linear
  private let valueProjection: Linear
  private let outputProjection: Linear
  private let shape: AttentionShape

  /// - Parameters: Linear maps of the same precision.
  package init(
    queryProjection: Linear, keyProjection: Linear, valueProjection: Linear,
    outputProjection: Linear, shape: AttentionShape
  ) {
    self.queryProjection = queryProjection
    self.keyProjection = keyProjection
    self.valueProjection = valueProjection
    self.outputProjection = outputProjection
    self.shape = shape
  }

  var precision: Precision { queryProjection.weight.precision }

  var products: [LayerProduct] {
    [queryProjection, keyProjection, valueProjection, outputProjection].map {
      LayerProduct($0.weight)
    }
  }

  /// Adds what attention makes of the tokens in `scratch.input` to `tokens`.
  ///
  /// - Parameters:
  ///   - tokens: `[tokenCount, width]`: sequences below one another, each in the order of its
  ///     positions.
  ///   - sequences: The rows of each sequence, which do not see one another's.
  ///   - rotation: The positions of all rows.
  ///   - caches: What came before in each sequence; these tokens' keys and values are appended.
  ///     `nil` where nothing came before and nothing comes after.
  func callAsFunction(
    addingTo tokens: inout Matrix, sequences: [Range<Int>], rotation: RotaryEmbedding,
    caches: inout [KeyValueCache]?, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    project(&scratch, counting: &counter)
    rotation.rotate(&scratch.queries)
    rotation.rotate(&scratch.keys)
    scratch.mixed.reshape(rows: tokens.rows, columns: shape.width)
    for (index, rows) in sequences.enumerated() {
      if caches == nil || caches?[index].count == 0 {
        attend(rows, &scratch, counting: &counter)
        caches?[index].append(keys: scratch.keys, values: scratch.values, rows: rows)
      } else if var cache = caches?[index] {
        caches?[index] = KeyValueCache()
        cache.append(keys: scratch.keys, values: scratch.values, rows: rows)
        attend(rows, with: cache, &scratch, counting: &counter)
        caches?[index] = cache
      }
    }
    scratch.input.fill(scratch.mixed)
    outputProjection(
      scratch.input, finish: .add, into: &tokens, workspace: &scratch.workspace,
      counting: &counter)
  }

  private func project(_ scratch: inout LayerScratch, counting counter: inout MACCounter) {
    let rows = scratch.input.rows
    scratch.queries.reshape(rows: rows, columns: shape.width)
    scratch.keys.reshape(rows: rows, columns: shape.keyValueWidth)
    scratch.values.reshape(rows: rows, columns: shape.keyValueWidth)
    queryProjection(
      scratch.input, into: &scratch.queries, workspace: &scratch.workspace, counting: &counter)
    keyProjection(
      scratch.input, into: &scratch.keys, workspace: &scratch.workspace, counting: &counter)
    valueProjection(
      scratch.input, into: &scratch.values, workspace: &scratch.workspace, counting: &counter)
  }

  /// A sequence of which nothing came before.
  private func attend(
    _ rows: Range<Int>, _ scratch: inout LayerScratch, counting counter: inout MACCounter
  ) {
    let own = HeadColumns(rows: rows, stride: shape.width)
    let shared = HeadColumns(rows: rows, stride: shape.keyValueWidth)
    shape.attend(
      scratch.queries.elements, own, scratch.keys.elements, shared,
      scratch.values.elements, shared, causal: true, into: &scratch.mixed.elements, own,
      scores: &scratch.scores, counting: &counter)
  }

  private func attend(
    _ rows: Range<Int>, with cache: KeyValueCache, _ scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    let own = HeadColumns(rows: rows, stride: shape.width)
    let shared = HeadColumns(rows: 0..<cache.count, stride: shape.keyValueWidth)
    shape.attend(
      scratch.queries.elements, own, cache.keys, shared, cache.values, shared,
      causal: true, into: &scratch.mixed.elements, own, scores: &scratch.scores,
      counting: &counter)
  }
}
