internal import Foundation
internal import NeuralLayers
internal import TensorMath

/// One pass over a lane's samples: adds up what the loss is made of.
struct LearningPass {
  let objective: PolicyObjective
  let samples: [LearningSample]
  let draws: StepDraws
  let tape: Tape
  private(set) var loss = LossParts()

  init(
    objective: PolicyObjective, samples: [LearningSample], draws: StepDraws, tape: Tape
  ) {
    self.objective = objective
    self.samples = samples
    self.draws = draws
    self.tape = tape
  }

  var policy: LearnedPolicy { objective.policy }
  var options: MethodOptions { objective.options }

  /// Books a term of the loss, whose gradient it was given with the same weight.
  mutating func add(_ part: LossPart, _ value: Double, weight: Double = 1) {
    loss.parts[part, default: 0] += value
    loss.total += weight * value
  }

  /// Books what routers of experts say.
  mutating func add(_ book: ExpertBook) { loss.add(book.loss) }

  mutating func watch(_ name: String, _ value: Double) { loss.measures[name] = value }

  /// What another tape has cost.
  mutating func addCost(of other: Tape) {
    loss.multiplyAccumulates += other.multiplyAccumulates
  }

  /// The task's loss from the final-norm states of all tokens.
  mutating func finish(_ features: Variable, _ input: LanguageInput) {
    let cognition = tape.gather(features, rows: input.lastRows)
    if let head = objective.auxiliary.regressionHead {
      let weight = options.diffusion.regressionWeight
      let predicted = tape.linear(cognition, head)
      let value = regressionLoss(predicted, factor: weight)
      watch("regressed_position", positionError(predicted))
      add(.auxiliary, value, weight: weight)
    }
    addTaskLoss(
      cognition,
      rows: samples.indices.flatMap { sample in
        Array(repeating: sample, count: options.diffusion.draws)
      })
  }

  /// Mean squared error of the predicted noise (equation 6) over valid steps of the chunks.
  ///
  /// - Parameters:
  ///   - cognition: Cognition features.
  ///   - rows: The row of `cognition` of each draw, `[sample * draws]`.
  mutating func addTaskLoss(_ cognition: Variable, rows: [Int]) {
    let noisy = noisyActions()
    let feature =
      options.diffusion.trainsFeature ? cognition : tape.constant(cognition.matrix)
    let predicted = policy.head.predictNoise(
      noisy, steps: draws.steps, cognition: feature,
      conditions: zip(rows, draws.isDropped).map { $1 ? nil : $0 }, on: tape)
    let value = tape.squaredError(
      predicted, tape.constant(draws.noise), weights: stepWeights(draws: options.diffusion.draws),
      factor: 1)
    add(.task, value)
  }

  /// The mean error of actions that are predicted at once, over valid steps.
  ///
  /// - Parameters:
  ///   - predicted: `[sample, chunk * 7]`.
  ///   - factor: What the gradient is multiplied by.
  /// - Returns: The loss before the factor.
  func regressionLoss(_ predicted: Variable, factor: Double) -> Double {
    let actions = Matrix(stacking: samples.map(\.actions))
    let (rows, target) = (
      tape.reshape(predicted, rows: actions.rows, columns: actions.columns),
      tape.constant(actions)
    )
    switch options.diffusion.regressionLoss {
    case .squared:
      return tape.squaredError(
        rows, target, weights: stepWeights(draws: 1), factor: Float(factor))
    case .huber:
      return tape.huberError(
        rows, target, width: Float(options.diffusion.regressionWidth),
        weights: stepWeights(draws: 1), factor: Float(factor))
    }
  }

  /// The mean squared error of the first action's position alone, normalised.
  private func positionError(_ predicted: Variable) -> Double {
    let found = predicted.matrix
    let squares = samples.indices.flatMap { sample in
      (0..<3).map { axis in
        let difference = found.row(sample)[axis] - samples[sample].actions.elements[axis]
        return Double(difference * difference)
      }
    }
    return squares.reduce(0, +) / Double(squares.count)
  }

  /// √ᾱ action + √(1 − ᾱ) noise, `[sample * draws * chunk, 7]`.
  private func noisyActions() -> Matrix {
    let repeats = options.diffusion.draws
    let length = samples[0].actions.elements.count
    var result = draws.noise
    for (row, step) in draws.steps.enumerated() {
      let level = policy.head.schedule.signal[step]
      let (kept, lost) = (Float(level.squareRoot()), Float((1 - level).squareRoot()))
      let actions = samples[row / repeats].actions.elements
      for index in 0..<length {
        let place = row * length + index
        result.elements[place] = kept * actions[index] + lost * result.elements[place]
      }
    }
    return result
  }

  /// One weight a step of each chunk, adding up to 1 over the valid ones.
  func stepWeights(draws: Int) -> [Float] {
    let flags = samples.flatMap { sample in
      (0..<draws).flatMap { _ in
        options.diffusion.masksPadding ? sample.isValid : sample.isValid.map { _ in true }
      }
    }
    let count = flags.count(where: \.self)
    return flags.map { $0 ? 1 / Float(max(count, 1)) : 0 }
  }

  /// Layers that are fixed before the pass: truncation, a static order, a random subset.
  ///
  /// - Parameter kept: Of each sample.
  mutating func runFixed(_ input: LanguageInput, kept: [Set<Int>]) {
    var tokens = input.tokens
    for layer in 0..<policy.decoder.depth {
      let chosen = samples.indices.filter { kept[$0].contains(layer) }
      guard let answer = policy.run(layer, ofSamples: chosen, on: tokens, input, tape) else {
        continue
      }
      tokens =
        chosen.count == samples.count
        ? answer : tape.blend(tokens, with: answer, rows: input.rows(ofSamples: chosen))
    }
    finish(policy.decoder.normalize(tokens, on: tape), input)
  }
}
