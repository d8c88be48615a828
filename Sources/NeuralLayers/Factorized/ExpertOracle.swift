internal import TensorMath

/// The best choice of experts that there is: of all subsets of k the one whose sum comes nearest to the
/// sum of all, the dense block's answer.
struct ExpertOracle {
  let count: Int

  /// 1 for the experts of the best subset of each token, else 0, `[tokenCount, expertCount]`.
  ///
  /// - Parameter answers: One `[tokenCount, width]` an expert.
  func scores(of answers: [Matrix]) -> Matrix {
    let subsets = leftOut(of: answers.count)
    var scores = Matrix(rows: answers[0].rows, columns: answers.count)
    for token in 0..<scores.rows {
      let products = products(of: answers, token: token)
      let best = subsets.min { error($0, products) < error($1, products) } ?? []
      for expert in answers.indices where !best.contains(expert) {
        scores.elements[token * answers.count + expert] = 1
      }
    }
    return scores
  }

  /// The experts that each subset of k leaves out.
  private func leftOut(of expertCount: Int) -> [[Int]] {
    (0..<1 << expertCount).lazy
      .filter { $0.nonzeroBitCount == expertCount - count }
      .map { bits in (0..<expertCount).filter { bits >> $0 & 1 == 1 } }
  }

  /// ⟨e_i, e_j⟩ of a token's answers.
  private func products(of answers: [Matrix], token: Int) -> [[Float]] {
    let place = token * answers[0].columns..<(token + 1) * answers[0].columns
    return answers.map { first in
      answers.map { dot(first.elements.span.extracting(place), $0.elements.span.extracting(place)) }
    }
  }

  /// ‖Σ of what is left out‖².
  private func error(_ leftOut: [Int], _ products: [[Float]]) -> Float {
    leftOut.reduce(0) { sum, first in leftOut.reduce(sum) { $0 + products[first][$1] } }
  }
}
