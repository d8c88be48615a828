import Foundation
import TensorMath
import Testing

@Suite struct MatrixTests {
  @Test("rows of probabilities add up to one, and a causal row sees no later column")
  func causalSoftmax() {
    var scores = numbered(rows: 3, columns: 5)
    scores.softmaxRows(causalOffset: 2)
    for row in 0..<3 {
      #expect(abs(scores.row(row).reduce(0, +) - 1) < 1e-6)
      #expect(scores.row(row)[(row + 3)...].allSatisfy { $0 == 0 })
    }
  }

  @Test("large scores do not overflow")
  func largeScores() {
    #expect(softmax([1000, 1000, -1000]) == [0.5, 0.5, 0])
  }

  @Test("standardised rows have mean 0 and variance 1")
  func standardized() {
    let rows = RowNorm.layer(weight: nil, bias: nil, epsilon: 1e-6)(numbered(rows: 4, columns: 33))
    for row in 0..<4 {
      let values = rows.row(row)
      #expect(abs(values.reduce(0, +)) < 1e-4)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 33 - 1) < 1e-4)
    }
  }

  @Test("gathering and the row mean follow the rows")
  func rows() {
    let matrix = Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, 5, 6])
    #expect(matrix.gathering([2, 0]).elements == [5, 6, 1, 2])
    #expect(matrix.rowMean == [3, 4])
    #expect(matrix.appending(matrix.rows(1..<2)).elements == [1, 2, 3, 4, 5, 6, 3, 4])
  }

  private func numbered(rows: Int, columns: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { Float(($0 * 37 + 11) % 23) / 7 - 1.5 })
  }
}

@Suite struct ActivationTests {
  /// Values of SciPy: `x * norm.cdf(x)`, `x * expit(x)`, and PyTorch's tanh form.
  @Test(
    "activations at points known in double precision",
    arguments: [
      (Activation.gelu, [-0.158_655_25, 0, 0.841_344_75, 2.995_950_3]),
      (.silu, [-0.268_941_42, 0, 0.731_058_6, 2.857_722_5]),
      (.geluTanh, [-0.158_808_01, 0, 0.841_191_99, 2.996_362_7]),
    ])
  func values(activation: Activation, expected: [Float]) {
    var found = Matrix(row: [-1, 0, 1, 3])
    activation.apply(to: &found)
    for (value, reference) in zip(found.elements, expected) {
      #expect(abs(value - reference) < 1e-6)
    }
  }

  @Test("activations follow the library's functions over their whole range")
  func range() {
    let points = stride(from: Float(-90), through: 90, by: 0.0137).map { $0 }
    for activation in [Activation.gelu, .geluTanh, .silu] {
      var found = Matrix(row: points)
      activation.apply(to: &found)
      for (x, value) in zip(points, found.elements) {
        let expected = reference(activation, Double(x))
        #expect(abs(Double(value) - expected) <= 3e-7 * max(1, abs(expected)), "\(activation) \(x)")
      }
    }
  }

  private func reference(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .gelu: 0.5 * x * (1 + erf(x * 0.5.squareRoot()))
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .silu: x / (1 + exp(-x))
    }
  }
}
