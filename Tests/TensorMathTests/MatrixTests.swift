import TensorMath
import Testing

@Suite struct MatrixTests {
  @Test("a product equals the sum written out, and counts its multiply-accumulates")
  func product() {
    let left = numbered(rows: 3, columns: 5)
    let weight = numbered(rows: 4, columns: 5)
    var counter = MACCounter()
    let found = left.product(transposing: weight, counting: &counter)
    for row in 0..<3 {
      for column in 0..<4 {
        let expected = zip(left.row(row), weight.row(column)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(found.row(row)[column] - expected) < 1e-5)
      }
    }
    #expect(counter.count == 3 * 4 * 5)
  }

  @Test("a block product reads and writes its columns alone")
  func blockProduct() {
    let left = numbered(rows: 2, columns: 4)
    let right = numbered(rows: 3, columns: 4)
    var result = [Float](repeating: 7, count: 2 * 4)
    var counter = MACCounter()
    multiply(
      left.elements.span, Block(rows: 2, columns: 2, offset: 1, stride: 4),
      right.elements.span, Block(rows: 3, columns: 2, offset: 1, stride: 4),
      transposingRight: true, scale: 2, into: &result,
      Block(rows: 2, columns: 3, offset: 1, stride: 4), counting: &counter)
    #expect(result[0] == 7 && result[4] == 7)
    let expected = 2 * (left.row(1)[1] * right.row(2)[1] + left.row(1)[2] * right.row(2)[2])
    #expect(abs(result[7] - expected) < 1e-5)
  }

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
    var rows = numbered(rows: 4, columns: 33)
    rows.standardizeRows(epsilon: 1e-6)
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
}
