internal import NeuralLayers
internal import TensorMath

extension LearningPass {
  /// Cognition self-distillation (MoLe-VLA, equations 14-17).
  ///
  /// - Parameter student: The final-norm states of all tokens, `[tokenCount, width]`.
  mutating func distill(_ student: Variable, _ input: LanguageInput, teacher: FloatStorage) {
    let silent = tape.silent(teacher)
    var seen = policy.languageInput(samples, on: silent)
    seen.experts.runsAll = true
    let other = policy.denseFeatures(seen, on: silent)
    addCost(of: silent)
    let masks = masks(student, other, input)
    let isOnFeatures = options.distillation.mask == .sigmoid
    let own = isOnFeatures ? tape.scaleRows(student, by: masks) : student
    let goal = isOnFeatures ? tape.scaleRows(other, by: masks) : other
    let projected = objective.auxiliary.projection.map { tape.linear(own, $0) } ?? own
    let mimic = tape.rowSquaredErrors(projected, goal)
    // The public code takes the mean over channels where the divergence is their sum.
    let divergences = tape.rowReverseDivergences(student: own, teacher: goal)
    let reverse =
      options.distillation.mask == .publicCode
      ? tape.scale(divergences, by: 1 / Float(student.columns)) : divergences
    let (weight, share) = (options.distillation.weight, options.distillation.reverseShare)
    // The mean over tokens of each sample, and over samples.
    let rowWeights = input.sequences.flatMap { sequence in
      [Float](
        repeating: 1 / Float(sequence.count * input.sequences.count), count: sequence.count)
    }
    for (part, rows, factor) in [
      (LossPart.mimic, mimic, weight * (1 - share)), (.reverseKL, reverse, weight * share),
    ] {
      let weighted =
        options.distillation.mask == .publicCode ? tape.elementProduct(rows, masks) : rows
      add(
        part, tape.weightedSum(weighted, weights: rowWeights, factor: Float(factor)),
        weight: factor)
    }
  }

  /// Teacher's times student's attention of the cognition token to every token,
  /// `[tokenCount, 1]`.
  private func masks(
    _ student: Variable, _ teacher: Variable, _ input: LanguageInput
  ) -> Variable {
    tape.elementProduct(
      mask(student, cognitionOf: student, input),
      mask(comparesStudent ? student : teacher, cognitionOf: teacher, input))
  }

  /// Whether the teacher's cognition token, too, is compared with the student's tokens; the public
  /// code knows nothing else.
  private var comparesStudent: Bool {
    options.distillation.maskKeys == .student || options.distillation.mask == .publicCode
  }

  private func mask(
    _ features: Variable, cognitionOf source: Variable, _ input: LanguageInput
  ) -> Variable {
    let cognitionRows = zip(input.sequences, input.lastRows).flatMap { sequence, last in
      Array(repeating: last, count: sequence.count)
    }
    let products = tape.rowDots(features, tape.gather(source, rows: cognitionRows))
    let width = Float(features.columns)
    let scaled =
      options.distillation.maskScale == .root
      ? tape.scale(products, by: 1 / width.squareRoot()) : products
    return switch options.distillation.mask {
    case .sigmoid, .none: tape.sigmoid(scaled)
    case .publicCode: tape.softmax(scaled, within: input.sequences)
    }
  }
}
