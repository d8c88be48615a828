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

  /// Denoises a chunk of actions for each sample.
  ///
  /// - Parameters:
  ///   - cognition: The cognition features, `[sampleCount, languageWidth]`.
  ///   - noise: Standard normal, `[sampleCount * chunk, 7]`.
  ///   - traces: One a sample.
  /// - Returns: Normalised actions, `[sampleCount * chunk, 7]`, not clipped.
  package func callAsFunction(
    cognition: Matrix, noise: Matrix, counting counter: inout MACCounter,
    traces: inout [Trace]
  ) -> Matrix {
    let conditions = conditionEmbedding(conditions(cognition), counting: &counter)
    let times = timeTokens(sampleCount: cognition.rows, counting: &counter)
    var actions = noise
    var scratch = LayerScratch(blocks.first?.precision ?? .float32)
    for index in steps.indices.reversed() {
      let predicted = guidedNoise(
        actions, time: times.rows(index..<index + 1), conditions: conditions,
        scratch: &scratch, counting: &counter)
      if index == steps.indices.last {
        let parts = predicted.split(into: traces.count)
        for (sample, part) in parts.enumerated() {
          traces[sample].record("noise_prediction.first", part)
        }
      }
      schedule.denoise(
        &actions.elements, noise: predicted.elements, from: steps[index],
        to: index > 0 ? steps[index - 1] : nil)
    }
    return actions
  }

  private var isGuided: Bool { configuration.guidance > 1 }

  /// What the samples are conditioned on, and below it, where there is guidance, as often nothing.
  private func conditions(_ cognition: Matrix) -> Matrix {
    guard isGuided else { return cognition }
    let nothing = Matrix(row: uncondition)
    return Matrix(stacking: [cognition] + Array(repeating: nothing, count: cognition.rows))
  }

  /// The embedding of each sampling step, `[steps.count, width]`: one for all samples, but each is
  /// charged for it as it would be alone.
  private func timeTokens(sampleCount: Int, counting counter: inout MACCounter) -> Matrix {
    var once = MACCounter()
    let features = steps.map { Matrix(row: DiffusionHead.timeFeatures($0)) }
    let times = timeEmbedding(Matrix(stacking: features), counting: &once)
    counter.add(once.count * sampleCount)
    return times
  }

  /// The predicted noise, conditioned and unconditioned mixed: ε_u + s (ε_c − ε_u).
  private func guidedNoise(
    _ actions: Matrix, time: Matrix, conditions: Matrix, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) -> Matrix {
    let predicted = predictNoise(
      actions, time: time, conditions: conditions, scratch: &scratch, counting: &counter)
    guard isGuided else { return predicted }
    let conditioned = predicted.part(0, of: 2).elements
    let unconditioned = predicted.part(1, of: 2).elements
    return Matrix(
      rows: actions.rows, columns: actions.columns,
      elements: zip(unconditioned, conditioned).map { $0 + configuration.guidance * ($1 - $0) })
  }

  /// One pass of the network for each condition.
  ///
  /// - Parameters:
  ///   - actions: `[sampleCount * chunk, 7]`.
  ///   - conditions: `[conditionCount, width]`, as many of each kind as there are samples.
  /// - Returns: `[conditionCount * chunk, 7]`.
  private func predictNoise(
    _ actions: Matrix, time: Matrix, conditions: Matrix, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) -> Matrix {
    let sampleCount = actions.rows / configuration.chunk
    let embedded = actionEmbedding(actions, counting: &counter).split(into: sampleCount)
    var tokens = Matrix(
      stacking: (0..<conditions.rows).map { condition in
        var first = conditions.rows(condition..<condition + 1)
        first.add(time)
        var sequence = first.appending(embedded[condition % sampleCount])
        sequence.add(positions)
        return sequence
      })
    for block in blocks {
      block(
        &tokens, sequenceCount: conditions.rows, scratch: &scratch, counting: &counter)
    }
    let length = configuration.chunk + 1
    let actionRows = (0..<tokens.rows).filter { !$0.isMultiple(of: length) }
    return output(outputNorm(tokens).gathering(actionRows), counting: &counter)
  }

  /// Cosines, then sines, of the step at 128 frequencies from 1 down to 1/10000.
  static func timeFeatures(_ step: Int) -> [Float] {
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
