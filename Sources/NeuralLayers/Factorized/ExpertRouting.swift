internal import Foundation
package import TensorMath

/// How a token's experts are chosen and what their answers count (FactorLLM).
package struct ExpertRouting: Equatable, Sendable {
  /// Experts of a token.
  package var count: Int
  package var gate: Gate
  /// What the sum of the experts' answers is multiplied by: 1, as for outputs that are nearly
  /// orthogonal no other number comes closer to the dense answer; the public code takes E / k.
  package var scale: Float

  /// What a chosen expert's answer is multiplied by.
  package enum Gate: String, CaseIterable, Codable, Sendable {
    /// 1, and the choice has no gradient.
    case hard
    /// 1, and in training the gradient goes straight through to the probabilities.
    case straightThrough = "ste"
    /// k times the expert's share of the chosen ones' probabilities.
    case soft
  }

  package init(count: Int, gate: Gate = .hard, scale: Float = 1) {
    self.count = count
    self.gate = gate
    self.scale = scale
  }

  /// The experts of each token and what their answers count, in ascending order; of equal scores the
  /// lowest expert wins.
  ///
  /// - Parameter scores: `[tokenCount, expertCount]`.
  package func choices(_ scores: Matrix) -> ExpertChoices {
    var choices = ExpertChoices(expertCount: scores.columns, tokenCount: scores.rows)
    for token in 0..<scores.rows {
      let own = scores.row(token)
      let chosen = largest(of: own)
      let gates = gates(own, chosen)
      for (expert, gate) in zip(chosen, gates) {
        choices.add(token, to: expert, gate: gate * scale)
      }
    }
    return choices
  }

  private func largest(of scores: [Float]) -> [Int] {
    scores.indices
      .sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
      .prefix(count).sorted()
  }

  private func gates(_ scores: [Float], _ chosen: [Int]) -> [Float] {
    guard gate == .soft, let highest = chosen.map({ scores[$0] }).max() else {
      return [Float](repeating: 1, count: chosen.count)
    }
    // The softmax over the chosen ones alone, as all others' parts cancel.
    let shares = chosen.map { expf(scores[$0] - highest) }
    let total = shares.reduce(0, +)
    return shares.map { Float(chosen.count) * $0 / total }
  }
}

/// The tokens of each expert.
package struct ExpertChoices: Equatable, Sendable {
  package let tokenCount: Int
  /// `[expert]`: its tokens, ascending.
  package private(set) var tokens: [[Int]]
  /// `[expert]`: what its answer to each of them counts.
  package private(set) var gates: [[Float]]

  init(expertCount: Int, tokenCount: Int) {
    self.tokenCount = tokenCount
    tokens = Array(repeating: [], count: expertCount)
    gates = tokens.map { _ in [] }
  }

  /// `[token]`: its experts, ascending.
  package var byToken: [[Int]] {
    var result = [[Int]](repeating: [], count: tokenCount)
    for (expert, own) in tokens.enumerated() {
      for token in own { result[token].append(expert) }
    }
    return result
  }

  mutating func add(_ token: Int, to expert: Int, gate: Float) {
    tokens[expert].append(token)
    gates[expert].append(gate)
  }
}
