internal import NeuralLayers
internal import TensorMath

/// A router on a tape.
protocol LearnedRouter: Sendable {
  var configuration: RouterConfiguration { get }

  /// - Parameters:
  ///   - tokens: The language model's input, `[tokenCount, width]`.
  ///   - sequences: The rows of each sample: first the beginning of the prompt, then the picture.
  ///   - imageTokenCount: The rows of a picture.
  /// - Returns: `[sequences.count, layerCount]`.
  func scores(
    _ tokens: Variable, sequences: [Range<Int>], imageTokenCount: Int, on tape: Tape
  ) -> Variable
}

/// `LinearRouter` on a tape.
struct LearnedLinearRouter: LearnedRouter {
  let configuration: RouterConfiguration
  private let output: LinearParameters

  init(_ router: RouterConfiguration, configuration: Configuration, layout: ParameterLayout) {
    self.configuration = router
    output = layout.linear(LinearRouterKeys(configuration).scores)
  }

  func scores(
    _ tokens: Variable, sequences: [Range<Int>], imageTokenCount: Int, on tape: Tape
  ) -> Variable {
    tape.linear(tape.means(tokens, of: sequences), output)
  }
}

/// STAR on a tape (MoLe-VLA, equations 8-11): α (S + T).
struct LearnedSTARRouter: LearnedRouter {
  let configuration: RouterConfiguration
  private let projection: LinearParameters
  private let spatial: [LinearParameters]
  private let jointProjection: LinearParameters
  private let outputProjection: LinearParameters
  private let attentionNorm: NormParameters
  private let expand: LinearParameters
  private let contract: LinearParameters
  private let feedForwardNorm: NormParameters
  private let temporalOutput: LinearParameters
  private let sharpness: LinearParameters
  private let sharpnessBias: Range<Int>

  init(_ router: RouterConfiguration, configuration: Configuration, layout: ParameterLayout) {
    self.configuration = router
    let keys = RouterKeys(router, configuration: configuration)
    projection = layout.linear(keys.projection)
    spatial = [layout.linear(keys.spatialHidden), layout.linear(keys.spatialOutput)]
    jointProjection = layout.linear(keys.jointProjection)
    outputProjection = layout.linear(keys.outputProjection)
    attentionNorm = layout.norm(keys.attentionNorm, epsilon: RouterEncoder.normEpsilon)
    expand = layout.linear(keys.expand)
    contract = layout.linear(keys.contract)
    feedForwardNorm = layout.norm(keys.feedForwardNorm, epsilon: RouterEncoder.normEpsilon)
    temporalOutput = layout.linear(keys.temporalOutput)
    sharpness = layout.linear(keys.sharpness)
    sharpnessBias = layout.place(keys.sharpnessBias)
  }

  func scores(
    _ tokens: Variable, sequences: [Range<Int>], imageTokenCount: Int, on tape: Tape
  ) -> Variable {
    let pictures = sequences.map { $0.lowerBound + 1..<$0.lowerBound + 1 + imageTokenCount }
    let picture = tape.linear(tape.means(tokens, of: pictures), projection)
    let textRows = zip(sequences, pictures).map { sequence, picture in
      [sequence.lowerBound] + (picture.upperBound..<sequence.upperBound)
    }
    let text = tape.linear(tape.gather(tokens, rows: textRows.flatMap(\.self)), projection)
    let texts = consecutiveRanges(textRows.map(\.count))
    let pooled = tape.means(encode(text, sequences: texts, on: tape), of: texts)
    let sum = tape.add(
      tape.feedForward(picture, spatial, .gelu), tape.linear(pooled, temporalOutput))
    return tape.scaleRows(sum, by: alpha(text, texts, on: tape))
  }

  /// The sharpness of equation 11, `[texts.count, 1]`.
  private func alpha(_ text: Variable, _ texts: [Range<Int>], on tape: Tape) -> Variable {
    let rows = texts.map {
      configuration.sharpnessToken == .first ? $0.lowerBound : $0.upperBound - 1
    }
    let bias = tape.gather(sharpnessBias, columns: 1, rows: texts.map { _ in 0 })
    return tape.sigmoid(tape.linear(tape.gather(text, rows: rows), sharpness, addingTo: bias))
  }

  private func encode(_ text: Variable, sequences: [Range<Int>], on tape: Tape) -> Variable {
    let joint = tape.linear(text, jointProjection)
    let mixed = tape.attend(
      joint: joint, headCount: configuration.heads, sequences: sequences)
    let attended = tape.layerNorm(
      tape.linear(mixed, outputProjection, addingTo: text), attentionNorm)
    let changed = tape.feedForward(attended, [expand, contract], .gelu, addingTo: attended)
    return tape.layerNorm(changed, feedForwardNorm)
  }
}
