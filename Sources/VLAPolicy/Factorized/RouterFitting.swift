internal import Foundation
internal import Manipulation
package import NeuralLayers
package import TensorMath

/// FactorLLM's first stage for one layer: a linear router learns which experts come nearest to the
/// dense block's answer (the Prior-Approximate loss); the experts stay as they are.
package struct RouterFitting: Sendable {
  /// Experts of a label.
  package var topK: Int
  /// τ: what the dense answer is multiplied by for the label.
  package var shrinking: Float = 1
  package var loss = Loss.crossEntropy
  package var updates = 300
  /// Tokens of an update.
  package var batch = 512
  package var learningRate: Float = 3e-3
  /// Of the load balance E Σ f P (Switch); 0 leaves it out.
  package var balanceWeight: Float = 0.01
  /// The share of the tokens that the router is judged by and does not learn from.
  package var heldOut = 0.1
  package var seed: UInt64 = 0

  package init(topK: Int) {
    self.topK = topK
  }

  /// How a router's scores are held against a label.
  package enum Loss: String, CaseIterable, Sendable {
    /// −1/k Σ log p over the label's experts.
    case crossEntropy = "cross-entropy"
    /// The divergence from a softmax of zeros and ones.
    case publicCode = "public-code"
  }

  /// A router, and how it does on tokens that it did not see.
  package struct Result: Sendable {
    /// `[experts, width]`.
    package let weight: [Float]
    package let bias: [Float]
    /// The share of a label's experts that are among the router's.
    package let agreement: Double
    /// ‖y − T‖² / ‖T‖² summed over tokens: by the router, by the label, and by experts at random.
    package let routerError: Double
    package let labelError: Double
    package let randomError: Double
  }

  /// - Parameters:
  ///   - inputs: What the block reads, `[tokenCount, width]`; at least two tokens.
  ///   - block: Whose experts are to be chosen.
  package func fit(_ inputs: Matrix, block: FactorizedFeedForward) -> Result {
    var scratch = LayerScratch(.float32)
    var counter = MACCounter()
    let answers = block.answers(to: inputs, scratch: &scratch, counting: &counter)
    let routing = ExpertRouting(count: topK)
    let scores = PriorApproximation(shrinking: shrinking).scores(of: answers)
    let labels = routing.choices(scores).byToken
    let heldCount = min(inputs.rows - 1, max(1, Int(heldOut * Double(inputs.rows))))
    let split = inputs.rows - heldCount
    var router = LinearScores(experts: block.expertCount, width: inputs.columns)
    train(&router, inputs, labels, count: split)
    let held = Array(split..<inputs.rows)
    let chosen = routing.choices(router.scores(of: inputs, held)).byToken
    let wanted = held.map { labels[$0] }
    let common = zip(chosen, wanted).reduce(0) { $0 + Set($1.0).intersection($1.1).count }
    let measure = SelectionError(answers: answers, tokens: held)
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["random experts"]))
    let random = held.map { _ in
      Array((0..<block.expertCount).shuffled(using: &generator).prefix(topK))
    }
    return Result(
      weight: Array(router.weight), bias: Array(router.bias),
      agreement: Double(common) / Double(held.count * topK),
      routerError: measure(chosen), labelError: measure(wanted),
      randomError: measure(random))
  }

  private func train(
    _ router: inout LinearScores, _ inputs: Matrix, _ labels: [[Int]], count: Int
  ) {
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["router fitting"]))
    let parameters = FloatStorage(count: router.values.count)
    let (gradient, moments) = (
      FloatStorage(count: parameters.count), AdamWMoments(count: parameters.count)
    )
    for update in 0..<updates {
      let tokens = (0..<min(batch, count)).map { _ in Int.random(in: 0..<count, using: &generator) }
      let slope = slope(router, inputs, tokens, tokens.map { labels[$0] })
      gradient.copy(from: slope.span)
      OptimizerKernels.step(
        step(update), on: parameters, moments: moments, gradient: gradient,
        range: 0..<parameters.count)
      router.values = parameters.values
    }
  }

  /// The loss's gradient in the router's numbers.
  private func slope(
    _ router: LinearScores, _ inputs: Matrix, _ tokens: [Int], _ labels: [[Int]]
  ) -> [Float] {
    let scores = router.scores(of: inputs, tokens)
    var gradient =
      switch loss {
      case .crossEntropy: PriorApproximation.crossEntropy(scores, labels: labels).gradient
      case .publicCode: PriorApproximation.publicDivergence(scores, labels: labels).gradient
      }
    if balanceWeight > 0 {
      gradient.add(
        PriorApproximation.balanceGradient(scores, topK: topK, weight: balanceWeight))
    }
    return router.slope(gradient, inputs, tokens)
  }

  /// Adam with a cosine to nothing.
  private func step(_ update: Int) -> AdamWStep {
    let progress = Double(update) / Double(max(updates, 1))
    return AdamWStep(
      learningRate: learningRate * Float(0.5 * (1 + cos(.pi * progress))), beta1: 0.9, beta2: 0.95,
      epsilon: 1e-8, weightDecay: 0, firstCorrection: Float(1 - pow(0.9, Double(update + 1))),
      secondCorrection: Float(1 - pow(0.95, Double(update + 1))), gradientScale: 1)
  }
}

/// A linear router in training: weight, row by row, then bias.
private struct LinearScores {
  let experts: Int
  let width: Int
  var values: [Float]

  init(experts: Int, width: Int) {
    (self.experts, self.width) = (experts, width)
    values = [Float](repeating: 0, count: experts * (width + 1))
  }

  var weight: ArraySlice<Float> { values[..<(experts * width)] }
  var bias: ArraySlice<Float> { values[(experts * width)...] }

  func scores(of inputs: Matrix, _ tokens: [Int]) -> Matrix {
    var scores = Matrix(rows: tokens.count, columns: experts)
    for (row, token) in tokens.enumerated() {
      let input = inputs.elements.span.extracting(token * width..<(token + 1) * width)
      for expert in 0..<experts {
        let own = values.span.extracting(expert * width..<(expert + 1) * width)
        scores.elements[row * experts + expert] = dot(own, input) + values[experts * width + expert]
      }
    }
    return scores
  }

  /// - Parameter gradient: In the scores, `[tokens.count, experts]`.
  func slope(_ gradient: Matrix, _ inputs: Matrix, _ tokens: [Int]) -> [Float] {
    var slope = [Float](repeating: 0, count: values.count)
    var target = slope.mutableSpan
    for (row, token) in tokens.enumerated() {
      let input = inputs.elements.span.extracting(token * width..<(token + 1) * width)
      for expert in 0..<experts {
        let factor = gradient.elements[row * experts + expert]
        target[experts * width + expert] += factor
        for column in 0..<width { target[expert * width + column] += factor * input[column] }
      }
    }
    return slope
  }
}

/// How far sums of some experts are from the sum of all.
private struct SelectionError {
  let answers: [Matrix]
  let tokens: [Int]

  /// - Parameter chosen: The experts of each of the tokens.
  func callAsFunction(_ chosen: [[Int]]) -> Double {
    let columns = answers[0].columns
    var (lost, whole) = (0.0, 0.0)
    for (token, experts) in zip(tokens, chosen) {
      let left = answers.indices.filter { !experts.contains($0) }
      for place in token * columns..<(token + 1) * columns {
        let rest = left.reduce(0) { $0 + answers[$1].elements[place] }
        let all = answers.reduce(0) { $0 + $1.elements[place] }
        lost += Double(rest * rest)
        whole += Double(all * all)
      }
    }
    return whole > 0 ? lost / whole : 0
  }
}
