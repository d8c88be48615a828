internal import NeuralLayers
internal import TensorMath

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
    let weight = options.exits.auxiliaryWeight / Double(features.count)
    for (feature, head) in zip(features, objective.auxiliary.exitHeads) {
      addAuxiliaryLoss(tape.linear(feature, head), weight: weight, exitCount: features.count)
    }
    let repeats = options.diffusion.draws
    addTaskLoss(
      tape.stack(features),
      rows: draws.exits.enumerated().map { row, exit in
        exit * samples.count + row / repeats
      })
  }

  /// - Parameter predicted: `[sample, chunk * 7]`.
  private mutating func addAuxiliaryLoss(
    _ predicted: Variable, weight: Double, exitCount: Int
  ) {
    let chunk = policy.head.configuration.chunk
    let actions = Matrix(stacking: samples.map(\.actions))
    let value = tape.squaredError(
      tape.reshape(predicted, rows: samples.count * chunk, columns: actions.columns),
      tape.constant(actions), weights: stepWeights(draws: 1), factor: Float(weight))
    add(.auxiliary, value / Double(exitCount), weight: options.exits.auxiliaryWeight)
  }
}
