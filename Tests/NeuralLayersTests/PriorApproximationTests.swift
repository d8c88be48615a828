import Manipulation
import NeuralLayers
import TensorMath
import Testing

/// FactorLLM's Prior-Approximate labels and loss.
@Suite struct PriorApproximationTests {
  private func answers(_ rows: [[Float]]) -> [Matrix] { rows.map(Matrix.init(row:)) }

  private func order(_ scores: [Float]) -> [Int] {
    scores.indices.sorted { scores[$0] > scores[$1] }
  }

  /// ‖e − τT‖² of each expert.
  private func distances(_ answers: [Matrix], _ shrinking: Float) -> [Float] {
    let whole = (0..<answers[0].columns).map { column in
      answers.reduce(0) { $0 + $1.elements[column] }
    }
    return answers.map { answer in
      zip(answer.elements, whole).reduce(0) {
        $0 + ($1.0 - shrinking * $1.1) * ($1.0 - shrinking * $1.1)
      }
    }
  }

  @Test("the hand-made experts come in the order that was computed by hand, and in the reverse")
  func byHand() {
    let experts = answers([[3, 0], [0, 2], [0, -1]])
    #expect(order(PriorApproximation().scores(of: experts).row(0)) == [0, 1, 2])
    let third = PriorApproximation(shrinking: 1 / 3).scores(of: experts).row(0)
    #expect(order(third) == [2, 1, 0])
    #expect(distances(experts, 1) == [1, 10, 13])
    let expected: [Float] = [37 / 9, 34 / 9, 25 / 9]
    #expect(zip(distances(experts, 1 / 3), expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("scores fall as distances rise", arguments: [1, 0.5, 0.25] as [Float])
  func scoresAndDistances(shrinking: Float) {
    for seed in 0..<20 {
      let experts = (0..<5).map { SplitBlock.tokens(1, width: 6, seed: UInt64(10 * seed + $0)) }
      let scores = PriorApproximation(shrinking: shrinking).scores(of: experts).row(0)
      let found = distances(experts, shrinking)
      #expect(order(scores) == found.indices.sorted { found[$0] < found[$1] })
    }
  }

  /// The subset of k experts whose sum is nearest to the sum of all.
  private func oracle(_ answers: [Matrix], _ count: Int) -> Set<Int> {
    let subsets = (0..<1 << answers.count).map { bits in
      answers.indices.filter { bits >> $0 & 1 == 1 }
    }
    let best = subsets.filter { $0.count == count }.min { error($0, answers) < error($1, answers) }
    return Set(best ?? [])
  }

  private func error(_ chosen: [Int], _ answers: [Matrix]) -> Float {
    (0..<answers[0].columns).reduce(0) { sum, column in
      let rest = answers.indices.filter { !chosen.contains($0) }
        .reduce(0) { $0 + answers[$1].elements[column] }
      return sum + rest * rest
    }
  }

  @Test("one expert: the label is the best of all; all but one: the smallest is left out")
  func theorems() {
    for seed in 0..<50 {
      let experts = (0..<4).map { SplitBlock.tokens(1, width: 8, seed: UInt64(10 * seed + $0)) }
      let scores = PriorApproximation().scores(of: experts).row(0)
      #expect(Set(order(scores).prefix(1)) == oracle(experts, 1))
      let norms = experts.map { $0.elements.reduce(0) { $0 + $1 * $1 } }
      #expect(Set(order(norms).prefix(3)) == oracle(experts, 3))
      let label = order(scores).prefix(2)
      #expect(error(Array(oracle(experts, 2)), experts) <= error(Array(label), experts) + 1e-5)
    }
  }

  @Test("the public code's targets are what it prints")
  func publicTargets() {
    let cases: [(label: [Int], count: Int, chosen: Float, other: Float)] = [
      ([2], 4, 0.47537, 0.17488), ([0, 3], 4, 0.36553, 0.13447),
      ([0, 1, 2], 4, 0.29692, 0.10923), ([0, 1, 2, 3, 4, 5], 8, 0.14846, 0.05462),
    ]
    for (label, count, chosen, other) in cases {
      let target = PriorApproximation.publicTarget(label, expertCount: count)
      for (expert, chance) in target.enumerated() {
        #expect(abs(chance - (label.contains(expert) ? chosen : other)) < 1e-5)
      }
    }
  }

  @Test(
    "the public code's loss is nothing where scores are 1 apart, and its gradient is that of differences"
  )
  func publicDivergence() {
    let apart = Matrix(rows: 2, columns: 4, elements: [3, 2, 3, 2, 0, 1, 0, 0])
    let nothing = PriorApproximation.publicDivergence(apart, labels: [[0, 2], [1]])
    #expect(abs(nothing.loss) < 1e-7)
    #expect(nothing.gradient.elements.allSatisfy { abs($0) < 1e-7 })
    let logits = SplitBlock.tokens(3, width: 4, seed: 2)
    let labels = [[0, 2], [1, 3], [0, 1]]
    let (loss, gradient) = PriorApproximation.publicDivergence(logits, labels: labels)
    #expect(loss > 0.01)
    expectSlopes(gradient, at: logits) {
      PriorApproximation.publicDivergence($0, labels: labels).loss
    }
  }

  @Test("the loss is a mean over tokens, and its gradient is that of differences")
  func crossEntropy() {
    let logits = SplitBlock.tokens(3, width: 4, seed: 2)
    let labels = [[0, 2], [1, 3], [0, 1]]
    let (loss, gradient) = PriorApproximation.crossEntropy(logits, labels: labels)
    let single = (0..<3).map {
      PriorApproximation.crossEntropy(logits.rows($0..<$0 + 1), labels: [labels[$0]]).loss
    }
    #expect(abs(loss - single.reduce(0, +) / 3) < 1e-6)
    expectSlopes(gradient, at: logits) {
      PriorApproximation.crossEntropy($0, labels: labels).loss
    }
  }

  /// A gradient is that of differences of the loss.
  private func expectSlopes(_ gradient: Matrix, at logits: Matrix, _ loss: (Matrix) -> Double) {
    for index in logits.elements.indices {
      var (above, below) = (logits, logits)
      above.elements[index] += 1e-2
      below.elements[index] -= 1e-2
      let slope = (loss(above) - loss(below)) / 2e-2
      #expect(abs(slope - Double(gradient.elements[index])) < 1e-4)
    }
  }
}
