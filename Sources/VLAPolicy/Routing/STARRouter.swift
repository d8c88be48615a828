internal import NeuralLayers
package import TensorMath

/// STAR, the spatial-temporal aware router of MoLe-VLA (equations 8-12), without the Gumbel noise
/// of training.
///
/// The mean picture token is projected once: the projection is affine, so this equals projecting
/// all patches and then averaging, as the public code does, at a fraction of the compute.
package struct STARRouter: LayerRouter {
  package let configuration: RouterConfiguration
  private let projection: Linear
  private let spatial: FeedForward
  private let encoder: RouterEncoder
  private let temporalOutput: Linear
  private let sharpness: Linear
  private let sharpnessBias: Float

  init(_ router: RouterConfiguration, keys: RouterKeys, loader: ParameterLoader) throws {
    configuration = router
    projection = try loader.linear(keys.projection, quantizing: false)
    spatial = FeedForward(
      [
        try loader.linear(keys.spatialHidden, quantizing: false),
        try loader.linear(keys.spatialOutput, quantizing: false),
      ],
      activation: .gelu)
    encoder = try RouterEncoder(keys, headCount: router.heads, loader: loader)
    temporalOutput = try loader.linear(keys.temporalOutput, quantizing: false)
    sharpness = try loader.linear(keys.sharpness, quantizing: false)
    sharpnessBias = try loader.vector(keys.sharpnessBias)[0]
  }

  /// One score a layer, `[layerCount]`; the largest are kept.
  package func scores(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Float] {
    let tokens =
      configuration.input == .embeddings ? input.embeddings : input.normalizedEmbeddings
    let picture = projection(
      Matrix(row: tokens.rows(input.imageTokens).rowMean), counting: &counter)
    let text = projection(tokens.gathering(input.textTokens), counting: &counter)
    let spatialScores = spatial(picture, counting: &counter)
    let temporalScores = temporalOutput(
      Matrix(row: encoder(text, counting: &counter).rowMean), counting: &counter)
    let reference = configuration.sharpnessToken == .first ? 0 : text.rows - 1
    let alpha = sigmoid(
      sharpness(text.rows(reference..<reference + 1), counting: &counter).elements[0]
        + sharpnessBias)
    let scores = zip(spatialScores.elements, temporalScores.elements).map { alpha * ($0 + $1) }
    trace.record("router.spatial", spatialScores.elements)
    trace.record("router.temporal", temporalScores.elements)
    trace.record("router.sharpness", [alpha])
    trace.record("router.logits", scores)
    return scores
  }
}

/// One post-norm transformer encoder layer over the text, PyTorch's default with exact GELU.
struct RouterEncoder: Sendable {
  private let attention: SelfAttention
  private let attentionNorm: LayerNorm
  private let feedForward: FeedForward
  private let feedForwardNorm: LayerNorm

  /// PyTorch's default for `nn.TransformerEncoderLayer`.
  static let normEpsilon: Float = 1e-5

  init(_ keys: RouterKeys, headCount: Int, loader: ParameterLoader) throws {
    attention = SelfAttention(
      jointProjection: try loader.linear(keys.jointProjection, quantizing: false),
      outputProjection: try loader.linear(keys.outputProjection, quantizing: false),
      headCount: headCount)
    attentionNorm = try loader.norm(keys.attentionNorm, epsilon: RouterEncoder.normEpsilon)
    feedForward = FeedForward(
      [
        try loader.linear(keys.expand, quantizing: false),
        try loader.linear(keys.contract, quantizing: false),
      ], activation: .gelu)
    feedForwardNorm = try loader.norm(keys.feedForwardNorm, epsilon: RouterEncoder.normEpsilon)
  }

  func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var state = tokens
    state.add(attention(state, counting: &counter))
    state = attentionNorm(state)
    state.add(feedForward(state, counting: &counter))
    return feedForwardNorm(state)
  }
}
