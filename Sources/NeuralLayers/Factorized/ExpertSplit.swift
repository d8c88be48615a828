package import TensorMath

/// How the neurons of a feed-forward block are shared among experts of equal width (FactorLLM).
///
/// One set of neurons an expert, the same for gate, up and down: only so the experts' answers add up
/// to the dense block's.
package struct ExpertSplit: Equatable, Sendable {
  package let expertCount: Int
  /// The neurons expert by expert: `permutation[e · width ..< (e + 1) · width]` are those of expert e.
  package let permutation: [Int]

  /// Neurons of one expert.
  package var expertWidth: Int { permutation.count / expertCount }

  /// - Returns: `nil` unless the neurons are a permutation of 0..<count that the experts share evenly.
  package init?(permutation: [Int], expertCount: Int) {
    guard expertCount > 0, !permutation.isEmpty, permutation.count.isMultiple(of: expertCount)
    else { return nil }
    var seen = [Bool](repeating: false, count: permutation.count)
    for neuron in permutation {
      guard permutation.indices.contains(neuron), !seen[neuron] else { return nil }
      seen[neuron] = true
    }
    self.permutation = permutation
    self.expertCount = expertCount
  }

  /// Neurons in their order: the first m, the next m, …
  package static func contiguous(_ neuronCount: Int, expertCount: Int) -> ExpertSplit? {
    ExpertSplit(permutation: Array(0..<neuronCount), expertCount: expertCount)
  }

  /// Neurons in a random order.
  package static func random(
    _ neuronCount: Int, expertCount: Int, using generator: inout some RandomNumberGenerator
  ) -> ExpertSplit? {
    ExpertSplit(
      permutation: (0..<neuronCount).shuffled(using: &generator), expertCount: expertCount)
  }

  /// The neurons of an expert.
  package func neurons(of expert: Int) -> ArraySlice<Int> {
    permutation[expert * expertWidth..<(expert + 1) * expertWidth]
  }

  /// An expert's rows of gate or up, `[neurons, width]`.
  package func rows(of weight: Matrix, expert: Int) -> Matrix {
    weight.gathering(Array(neurons(of: expert)))
  }

  /// An expert's columns of down, `[width, neurons]`.
  package func columns(of weight: Matrix, expert: Int) -> Matrix {
    let chosen = Array(neurons(of: expert))
    var elements: [Float] = []
    elements.reserveCapacity(weight.rows * chosen.count)
    for row in 0..<weight.rows {
      for column in chosen { elements.append(weight.elements[row * weight.columns + column]) }
    }
    return Matrix(rows: weight.rows, columns: chosen.count, elements: elements)
  }

  /// The dense gate or up of the experts' rows; no number is changed.
  ///
  /// - Parameter parts: One an expert, in order.
  package func joiningRows(_ parts: [Matrix]) -> Matrix {
    let columns = parts[0].columns
    var joined = Matrix(rows: permutation.count, columns: columns)
    for (expert, part) in parts.enumerated() {
      for (row, neuron) in neurons(of: expert).enumerated() {
        joined.elements.replaceSubrange(
          neuron * columns..<(neuron + 1) * columns,
          with: part.elements[row * columns..<(row + 1) * columns])
      }
    }
    return joined
  }

  /// The dense down of the experts' columns.
  package func joiningColumns(_ parts: [Matrix]) -> Matrix {
    let rows = parts[0].rows
    var joined = Matrix(rows: rows, columns: permutation.count)
    for (expert, part) in parts.enumerated() {
      for (column, neuron) in neurons(of: expert).enumerated() {
        for row in 0..<rows {
          joined.elements[row * permutation.count + neuron] =
            part.elements[row * part.columns + column]
        }
      }
    }
    return joined
  }
}
