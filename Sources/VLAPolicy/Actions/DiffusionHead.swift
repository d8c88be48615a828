internal import Foundation
internal import NeuralLayers
package import TensorMath

/// CogACT's action head: a small diffusion transformer over a chunk of actions, conditioned on the
/// cognition feature by one extra token, sampled by DDIM with classifier-free guidance.
package struct DiffusionHead: Sendable {
  static let normEpsilon: Float = 1e-6

  package let configuration: DiffusionConfiguration
  private let schedule: NoiseSchedule
  private let steps: [Int]
  private let positions: Matrix
  private let actionEmbedding: Linear
  private let timeEmbedding: FeedForward
  private let uncondition: [Float]
  private let conditionEmbedding: Linear
  private let blocks: [EncoderBlock]
  private let output: Linear
  private let outputNorm = LayerNorm(epsilon: DiffusionHead.normEpsilon)

  init(_ head: DiffusionConfiguration, keys: DiffusionHeadKeys, loader: ParameterLoader) throws {
    configuration = head
    schedule = NoiseSchedule(stepCount: head.diffusionSteps)
    steps =
      NoiseSchedule.timeSteps(sampling: head.samplingSteps, of: head.diffusionSteps) ?? []
    positions = try loader.matrix(keys.positions, columns: head.width)
    actionEmbedding = try loader.linear(keys.actionEmbedding)
    timeEmbedding = FeedForward(
      [try loader.linear(keys.timeExpand), try loader.linear(keys.timeContract)],
      activation: .silu)
    uncondition = try loader.vector(keys.uncondition)
    conditionEmbedding = try loader.linear(keys.conditionEmbedding)
    blocks = try keys.blocks.map {
      try EncoderBlock($0, headCount: head.heads, loader: loader)
    }
    output = try loader.linear(keys.output)
  }

  /// Denoises a chunk of actions.
  ///
  /// - Parameters:
  ///   - cognition: The cognition feature, `[languageWidth]`.
  ///   - noise: Standard normal, `[chunk, 7]`.
  /// - Returns: Normalised actions, `[chunk, 7]`, not clipped.
  package func callAsFunction(
    cognition: [Float], noise: Matrix, counting counter: inout MACCounter, trace: inout Trace
  ) -> Matrix {
    let conditions = conditionEmbedding(
      isGuided
        ? Matrix(row: cognition).appending(Matrix(row: uncondition)) : Matrix(row: cognition),
      counting: &counter)
    var actions = noise
    var scratch = LayerScratch(blocks.first?.precision ?? .float32)
    for (index, step) in steps.indices.reversed().map({ ($0, steps[$0]) }) {
      let predicted = guidedNoise(
        actions, step: step, conditions: conditions, scratch: &scratch, counting: &counter)
      if step == steps.last { trace.record("noise_prediction.first", predicted) }
      schedule.denoise(
        &actions.elements, noise: predicted.elements, from: step,
        to: index > 0 ? steps[index - 1] : nil)
    }
    return actions
  }

  private var isGuided: Bool { configuration.guidance > 1 }

  /// The predicted noise, conditioned and unconditioned mixed: ε_u + s (ε_c − ε_u).
  private func guidedNoise(
    _ actions: Matrix, step: Int, conditions: Matrix, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) -> Matrix {
    let predicted = predictNoise(
      actions, step: step, conditions: conditions, scratch: &scratch, counting: &counter)
    guard isGuided else { return predicted }
    let length = actions.rows
    let conditioned = predicted.rows(0..<length).elements
    let unconditioned = predicted.rows(length..<2 * length).elements
    return Matrix(
      rows: length, columns: actions.columns,
      elements: zip(unconditioned, conditioned).map { $0 + configuration.guidance * ($1 - $0) })
  }

  /// One pass of the network for each condition.
  ///
  /// - Returns: `[conditionCount * chunk, 7]`.
  private func predictNoise(
    _ actions: Matrix, step: Int, conditions: Matrix, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) -> Matrix {
    let embedded = actionEmbedding(actions, counting: &counter)
    let time = timeEmbedding(
      Matrix(row: DiffusionHead.timeFeatures(step)), counting: &counter)
    var tokens = Matrix(rows: 0, columns: configuration.width)
    for condition in 0..<conditions.rows {
      var first = conditions.rows(condition..<condition + 1)
      first.add(time)
      var sequence = first.appending(embedded)
      sequence.add(positions)
      tokens = tokens.appending(sequence)
    }
    for block in blocks {
      block(
        &tokens, sequenceCount: conditions.rows, scratch: &scratch, counting: &counter)
    }
    let length = actions.rows + 1
    let actionRows = (0..<tokens.rows).filter { !$0.isMultiple(of: length) }
    return output(outputNorm(tokens).gathering(actionRows), counting: &counter)
  }

  /// Cosines, then sines, of the step at 128 frequencies from 1 down to 1/10000.
  private static func timeFeatures(_ step: Int) -> [Float] {
    let half = DiffusionHeadKeys.timeChannels / 2
    let angles = (0..<half).map { index in
      Float(step) * expf(-logf(10000) * Float(index) / Float(half))
    }
    return angles.map(cosf) + angles.map(sinf)
  }
}

extension EncoderBlock {
  /// A block of the DiT: norms without affine maps, no modulation.
  init(_ keys: DiffusionBlockKeys, headCount: Int, loader: ParameterLoader) throws {
    let norm = LayerNorm(epsilon: DiffusionHead.normEpsilon)
    self.init(
      attentionNorm: norm,
      attention: SelfAttention(
        jointProjection: try loader.linear(keys.jointProjection),
        outputProjection: try loader.linear(keys.outputProjection), headCount: headCount),
      feedForwardNorm: norm,
      feedForward: FeedForward(
        [try loader.linear(keys.expand), try loader.linear(keys.contract)],
        activation: .geluTanh))
  }
}
