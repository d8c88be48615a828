internal import NeuralLayers

extension LearningPass {
  /// Every layer processes the tokens that score highest, the last always (Raposo et al., 2024); the
  /// score's sigmoid weighs the layer's change, and learns from it.
  mutating func runMixtureOfDepths(_ input: LanguageInput) {
    var tokens = input.tokens
    for layer in 0..<policy.decoder.depth {
      guard let routers = policy.depthRouters, options.keep < 1 else {
        tokens = policy.run([layer], on: tokens, input, tape)
        continue
      }
      let scores = tape.linear(tokens, routers[layer])
      let chosen = chosenRows(scores, input)
      let rows = chosen.flatMap(\.self)
      let answer = policy.decoder.run(
        layer, on: tape.gather(tokens, rows: rows),
        sequences: consecutiveRanges(chosen.map(\.count)),
        rotation: input.rotation.gathering(rows), experts: input.experts, tape: tape)
      let isGated = policy.configuration.mixtureOfDepths?.gate == .sigmoid
      let gates = isGated ? tape.sigmoid(tape.gather(scores, rows: rows)) : nil
      tokens = tape.blend(tokens, with: answer, rows: rows, gates: gates)
    }
    finish(policy.decoder.normalize(tokens, on: tape), input)
  }

  /// Of each sample, as rows of the batch.
  private func chosenRows(_ scores: Variable, _ input: LanguageInput) -> [[Int]] {
    scores.read { scores in
      input.sequences.map { sequence in
        MixtureOfDepthsSelection.chosenRows(
          scores: sequence.map { scores[$0] }, capacity: options.keep
        ).map { sequence.lowerBound + $0 }
      }
    }
  }
}
