internal import NeuralLayers
internal import TensorMath

/// `EncoderBlock` on a tape: a block of a vision tower or of the DiT.
struct LearnedEncoderBlock: Sendable {
  let attentionNorm: NormParameters
  let jointProjection: LinearParameters
  let outputProjection: LinearParameters
  var attentionScale: Range<Int>?
  let feedForwardNorm: NormParameters
  let expand: LinearParameters
  let contract: LinearParameters
  var feedForwardScale: Range<Int>?
  let headCount: Int
  let activation: Activation

  /// - Parameters:
  ///   - tokens: `[tokenCount, width]`, sequences below one another.
  ///   - sequences: The rows of each sequence, which do not see one another's.
  func callAsFunction(_ tokens: Variable, sequences: [Range<Int>], on tape: Tape) -> Variable {
    let joint = tape.linear(tape.layerNorm(tokens, attentionNorm), jointProjection)
    let mixed = tape.attend(joint: joint, headCount: headCount, sequences: sequences)
    let attended = add(to: tokens, scale: attentionScale, on: tape) {
      tape.linear(mixed, outputProjection, addingTo: $0)
    }
    let hidden = tape.layerNorm(attended, feedForwardNorm)
    return add(to: attended, scale: feedForwardScale, on: tape) {
      tape.feedForward(hidden, [expand, contract], activation, addingTo: $0)
    }
  }

  private func add(
    to residual: Variable, scale: Range<Int>?, on tape: Tape, _ change: (Variable?) -> Variable
  ) -> Variable {
    guard let scale else { return change(residual) }
    return tape.addScaled(change(nil), by: scale, to: residual)
  }
}

extension LearnedEncoderBlock {
  init(_ keys: VisionBlockKeys, tower: TowerConfiguration, layout: ParameterLayout) {
    self.init(
      attentionNorm: layout.norm(keys.attentionNorm, epsilon: tower.normEpsilon),
      jointProjection: layout.linear(keys.jointProjection),
      outputProjection: layout.linear(keys.outputProjection),
      attentionScale: keys.attentionScale.map(layout.place),
      feedForwardNorm: layout.norm(keys.feedForwardNorm, epsilon: tower.normEpsilon),
      expand: layout.linear(keys.expand), contract: layout.linear(keys.contract),
      feedForwardScale: keys.feedForwardScale.map(layout.place), headCount: tower.heads,
      activation: tower.activation)
  }

  /// A block of the DiT: norms without affine maps.
  init(_ keys: DiffusionBlockKeys, headCount: Int, layout: ParameterLayout) {
    let norm = NormParameters(epsilon: DiffusionHead.normEpsilon)
    self.init(
      attentionNorm: norm, jointProjection: layout.linear(keys.jointProjection),
      outputProjection: layout.linear(keys.outputProjection), feedForwardNorm: norm,
      expand: layout.linear(keys.expand), contract: layout.linear(keys.contract),
      headCount: headCount, activation: .geluTanh)
  }
}
