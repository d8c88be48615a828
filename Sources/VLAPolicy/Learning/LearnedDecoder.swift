internal import NeuralLayers
internal import TensorMath

/// `LanguageDecoder` on a tape.
struct LearnedDecoder: Sendable {
  let configuration: LanguageConfiguration
  private let embedding: Range<Int>
  private let layers: [Layer]
  private let finalNorm: Range<Int>

  private struct Layer: Sendable {
    let attentionNorm: Range<Int>
    let query: LinearParameters
    let key: LinearParameters
    let value: LinearParameters
    let output: LinearParameters
    let feedForwardNorm: Range<Int>
    let feedForward: LearnedFeedForward
  }

  init(_ language: LanguageConfiguration, keys: DecoderKeys, layout: ParameterLayout) {
    configuration = language
    embedding = layout.place(keys.embedding)
    finalNorm = layout.place(keys.finalNorm)
    layers = keys.layers.map {
      Layer(
        attentionNorm: layout.place($0.attentionNorm), query: layout.linear($0.query),
        key: layout.linear($0.key), value: layout.linear($0.value),
        output: layout.linear($0.output), feedForwardNorm: layout.place($0.feedForwardNorm),
        feedForward: LearnedFeedForward($0.feedForward, language: language, layout: layout))
    }
  }

  var depth: Int { layers.count }

  /// - Returns: `[ids.count, width]`.
  func embed(_ ids: [Int], on tape: Tape) -> Variable {
    tape.gather(embedding, columns: configuration.width, rows: ids)
  }

  /// The rotary embedding of tokens at these positions.
  func rotation(positions: [Int]) -> RotaryEmbedding {
    RotaryEmbedding(positions: positions, frequencies: configuration.rotaryFrequencies)
  }

  /// One pre-norm layer on `[tokenCount, width]`.
  ///
  /// - Parameters:
  ///   - sequences: The rows of each sequence, which do not see one another's.
  ///   - rotation: The positions of all rows.
  ///   - experts: How a factorized block is treated.
  func run(
    _ index: Int, on tokens: Variable, sequences: [Range<Int>], rotation: RotaryEmbedding,
    experts: ExpertPlan = ExpertPlan(), tape: Tape
  ) -> Variable {
    let layer = layers[index]
    let shape = AttentionShape(
      headCount: configuration.heads, keyValueHeadCount: configuration.keyValueHeads,
      headWidth: configuration.headWidth)
    let input = normalize(tokens, layer.attentionNorm, on: tape)
    let mixed = tape.attend(
      queries: tape.rotate(tape.linear(input, layer.query), rotation),
      keys: tape.rotate(tape.linear(input, layer.key), rotation),
      values: tape.linear(input, layer.value), shape, sequences: sequences, causal: true)
    let attended = tape.linear(mixed, layer.output, addingTo: tokens)
    let hidden = normalize(attended, layer.feedForwardNorm, on: tape)
    return layer.feedForward(hidden, addingTo: attended, plan: experts, on: tape)
  }

  /// The final norm.
  func normalize(_ tokens: Variable, on tape: Tape) -> Variable {
    normalize(tokens, finalNorm, on: tape)
  }

  private func normalize(_ tokens: Variable, _ weight: Range<Int>, on tape: Tape) -> Variable {
    tape.rootMeanSquareNorm(tokens, weight: weight, epsilon: configuration.rmsNormEpsilon)
  }
}
