internal import Foundation
package import TensorMath

/// FactorLLM's Prior-Approximate loss: which experts come nearest to the dense block's answer, and how
/// far a router's scores are from saying so.
package struct PriorApproximation: Sendable {
  /// What the dense answer is multiplied by before experts are held against it. 1 prefers the experts
  /// that matter most; the public code's k / E prefers the smallest where answers are orthogonal and
  /// k / E is below a half.
  package var shrinking: Float

  package init(shrinking: Float = 1) {
    self.shrinking = shrinking
  }

  /// How near each expert comes, 2τ⟨e, T⟩ − ‖e‖², `[tokenCount, expertCount]`: highest where
  /// ‖e − τT‖² is lowest, with T the sum of all experts' answers, the dense block's.
  ///
  /// - Parameter answers: One `[tokenCount, width]` an expert.
  package func scores(of answers: [Matrix]) -> Matrix {
    let whole = answers.dropFirst().reduce(into: answers[0]) { $0.add($1) }
    var scores = Matrix(rows: whole.rows, columns: answers.count)
    for (expert, answer) in answers.enumerated() {
      for token in 0..<whole.rows {
        let place = token * whole.columns..<(token + 1) * whole.columns
        let own = answer.elements.span.extracting(place)
        let nearness = dot(own, whole.elements.span.extracting(place))
        scores.elements[token * answers.count + expert] =
          2 * shrinking * nearness - dot(own, own)
      }
    }
    return scores
  }

  /// −1/k Σ log p over the k experts of a label, the mean over tokens, and its gradient in the scores.
  ///
  /// - Parameters:
  ///   - logits: `[tokenCount, expertCount]`.
  ///   - labels: The experts of each token, as many for each.
  package static func crossEntropy(
    _ logits: Matrix, labels: [[Int]]
  ) -> (loss: Double, gradient: Matrix) {
    mean(logits, labels) { chances, label in
      let wanted = chances.indices.map { label.contains($0) ? 1 / Float(label.count) : 0 }
      let loss = zip(chances, wanted).reduce(0) {
        $0 - $1.1 * logf(max($1.0, .leastNormalMagnitude))
      }
      return (loss, zip(chances, wanted).map { $0 - $1 })
    }
  }

  /// The public code's loss: Σ p (log p − log q), p the router's probabilities and q the softmax of the
  /// label's zeros and ones, which is as far from 0 and 1 as the number of experts makes it; the mean
  /// over tokens, and its gradient in the scores. It is nothing where the label's experts score exactly
  /// 1 more than the others.
  package static func publicDivergence(
    _ logits: Matrix, labels: [[Int]]
  ) -> (loss: Double, gradient: Matrix) {
    mean(logits, labels) { chances, label in
      let goal = publicTarget(label, expertCount: chances.count)
      let surprises = zip(chances, goal).map { logf(max($0, leastChance) / max($1, leastChance)) }
      let loss = zip(chances, surprises).reduce(0) { $0 + $1.0 * $1.1 }
      return (loss, zip(chances, surprises).map { $0 * ($1 - loss) })
    }
  }

  /// The mean over tokens of a loss, and its gradient in the scores.
  ///
  /// - Parameter loss: Of a token's probabilities and label, with its gradient in the token's scores.
  private static func mean(
    _ logits: Matrix, _ labels: [[Int]],
    _ loss: (_ chances: [Float], _ label: [Int]) -> (value: Float, slopes: [Float])
  ) -> (loss: Double, gradient: Matrix) {
    precondition(labels.count == logits.rows, "\(labels.count) labels of \(logits.rows) tokens")
    var gradient = Matrix(rows: logits.rows, columns: logits.columns)
    var sum = 0.0
    let scale = 1 / Float(max(logits.rows, 1))
    for (token, label) in labels.enumerated() {
      let own = loss(softmax(logits.row(token)), label)
      sum += Double(own.value)
      for (expert, slope) in own.slopes.enumerated() {
        gradient.elements[token * logits.columns + expert] = scale * slope
      }
    }
    return (sum / Double(max(logits.rows, 1)), gradient)
  }

  private static let leastChance: Float = 1e-7

  /// The softmax of a label's zeros and ones.
  package static func publicTarget(_ label: [Int], expertCount: Int) -> [Float] {
    softmax((0..<expertCount).map { label.contains($0) ? 1 : 0 })
  }

  /// The gradient in the scores of `weight` · E Σ f P: f the share of all choices that fall on an
  /// expert, P its mean probability (Switch Transformer); 1 where both are even.
  package static func balanceGradient(_ logits: Matrix, topK: Int, weight: Float) -> Matrix {
    let choices = ExpertRouting(count: topK).choices(logits)
    let count = Float(max(logits.rows, 1))
    let shares = choices.tokens.map { Float($0.count) / (count * Float(topK)) }
    var gradient = Matrix(rows: logits.rows, columns: logits.columns)
    let scale = weight * Float(logits.columns) / count
    for token in 0..<logits.rows {
      let chances = softmax(logits.row(token))
      let mean = zip(chances, shares).reduce(0) { $0 + $1.0 * $1.1 }
      for (expert, chance) in chances.enumerated() {
        gradient.elements[token * logits.columns + expert] =
          scale * chance * (shares[expert] - mean)
      }
    }
    return gradient
  }

  private static func softmax(_ scores: [Float]) -> [Float] {
    let highest = scores.max() ?? 0
    let shares = scores.map { expf($0 - highest) }
    let total = shares.reduce(0, +)
    return shares.map { $0 / total }
  }
}
