internal import NeuralLayers

extension LearningPass {
  /// The shared head at randomly drawn exits, and a small head of its own at each (DeeR).
  mutating func runExits(_ input: LanguageInput) {
    var tokens = input.tokens
    var features: [Variable] = []
    for layer in 0..<policy.decoder.depth {
      tokens = policy.run([layer], on: tokens, input, tape)
      guard policy.configuration.exits.contains(layer + 1) else { continue }
      features.append(
        policy.decoder.normalize(tape.gather(tokens, rows: input.lastRows), on: tape))
    }
    let (weight, count) = (options.exits.auxiliaryWeight, Double(features.count))
    for (feature, head) in zip(features, objective.auxiliary.exitHeads) {
      let value = regressionLoss(tape.linear(feature, head), factor: weight / count)
      add(.auxiliary, value / count, weight: weight)
    }
    let repeats = options.diffusion.draws
    addTaskLoss(
      tape.stack(features),
      rows: draws.exits.enumerated().map { row, exit in
        exit * samples.count + row / repeats
      })
  }
}
