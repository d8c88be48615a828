import NeuralLayers
import TensorMath
import Testing

/// Every operation's way back against differences of its way there.
///
/// Inputs are parameters; what an operation makes is weighed by fixed numbers and added up, which
/// `FiniteDifferences` takes as the function.
@Suite struct TapeTests {
  @Test func linearMaps() {
    check([(5, 4), (3, 4), (1, 3), (5, 3)]) { tape, inputs, ranges in
      let layer = LinearParameters(
        weight: ranges[1], bias: ranges[2], outputWidth: 3, inputWidth: 4)
      return tape.linear(inputs[0], layer, addingTo: inputs[3])
    }
    check([(5, 4), (3, 4)]) { tape, inputs, ranges in
      tape.linear(
        inputs[0],
        LinearParameters(weight: ranges[1], bias: nil, outputWidth: 3, inputWidth: 4))
    }
  }

  @Test func norms() {
    check([(6, 8), (1, 8)]) { tape, inputs, ranges in
      tape.rootMeanSquareNorm(inputs[0], weight: ranges[1], epsilon: 1e-5)
    }
    check([(6, 8), (1, 8), (1, 8)]) { tape, inputs, ranges in
      tape.layerNorm(inputs[0], weight: ranges[1], bias: ranges[2], epsilon: 1e-5)
    }
    check([(6, 8)]) { tape, inputs, _ in tape.layerNorm(inputs[0], epsilon: 1e-6) }
  }

  @Test(arguments: [Activation.gelu, .geluTanh, .silu])
  func activations(_ activation: Activation) {
    check([(7, 9)]) { tape, inputs, _ in tape.activate(inputs[0], activation) }
  }

  @Test func gatesAndProbabilities() {
    check([(4, 6), (4, 6)]) { tape, inputs, _ in
      tape.gatedSiLU(gate: inputs[0], up: inputs[1])
    }
    check([(4, 6)]) { tape, inputs, _ in tape.sigmoid(inputs[0]) }
    check([(4, 6)]) { tape, inputs, _ in tape.softmax(inputs[0]) }
    check([(9, 1)]) { tape, inputs, _ in tape.softmax(inputs[0], within: [0..<4, 4..<9]) }
  }

  @Test(arguments: [true, false])
  func attentionOfSequencesThatShareHeads(causal: Bool) {
    let shape = AttentionShape(headCount: 4, keyValueHeadCount: 2, headWidth: 3)
    check([(7, 12), (7, 6), (7, 6)]) { tape, inputs, _ in
      tape.attend(
        queries: inputs[0], keys: inputs[1], values: inputs[2], shape,
        sequences: [0..<3, 3..<7], causal: causal)
    }
  }

  @Test func attentionOfOneJointProjection() {
    check([(7, 24)]) { tape, inputs, _ in
      tape.attend(joint: inputs[0], headCount: 2, sequences: [0..<5, 5..<7])
    }
  }

  @Test func rotation() {
    let rotation = RotaryEmbedding(positions: [0, 1, 2, 5], headWidth: 4, theta: 100)
    check([(4, 8)]) { tape, inputs, _ in tape.rotate(inputs[0], rotation) }
  }

  @Test func rows() {
    check([(4, 3)]) { tape, inputs, _ in tape.gather(inputs[0], rows: [2, 0, 2, 3]) }
    check([(4, 3)]) { tape, _, ranges in
      tape.gather(ranges[0], columns: 3, rows: [1, 1, 0])
    }
    check([(4, 3), (2, 3)]) { tape, inputs, _ in tape.stack([inputs[0], inputs[1], inputs[0]]) }
    check([(4, 3), (4, 2)]) { tape, inputs, _ in tape.joinColumns(inputs) }
    check([(4, 3), (4, 3)]) { tape, inputs, _ in
      tape.add(inputs[0], tape.add(inputs[1], inputs[0]))
    }
    check([(6, 3)]) { tape, inputs, _ in tape.means(inputs[0], of: [0..<2, 2..<6]) }
    check([(4, 3), (1, 3), (4, 3)]) { tape, inputs, ranges in
      tape.addScaled(inputs[0], by: ranges[1], to: inputs[2])
    }
  }

  @Test func factors() {
    check([(4, 3), (4, 1)]) { tape, inputs, _ in tape.scaleRows(inputs[0], by: inputs[1]) }
    check([(4, 3), (4, 3)]) { tape, inputs, _ in tape.rowDots(inputs[0], inputs[1]) }
    check([(4, 3), (4, 3)]) { tape, inputs, _ in tape.elementProduct(inputs[0], inputs[1]) }
    check([(4, 3)]) { tape, inputs, _ in
      tape.reshape(tape.scale(inputs[0], by: -2), rows: 6, columns: 2)
    }
  }

  @Test func distances() {
    check([(4, 5), (4, 5)]) { tape, inputs, _ in tape.rowSquaredErrors(inputs[0], inputs[1]) }
    check([(4, 5), (4, 5)]) { tape, inputs, _ in
      tape.rowReverseDivergences(student: inputs[0], teacher: inputs[1])
    }
  }

  @Test func blendingProcessedRows() {
    check([(5, 3), (2, 3), (2, 1)]) { tape, inputs, _ in
      tape.blend(inputs[0], with: inputs[1], rows: [4, 1], gates: inputs[2])
    }
    check([(5, 3), (2, 3)]) { tape, inputs, _ in
      tape.blend(inputs[0], with: inputs[1], rows: [4, 1])
    }
  }

  /// Soft gates; the choice itself does not change as the scores move a little.
  @Test func expertsOfTokens() {
    let routing = ExpertRouting(count: 2, gate: .soft, scale: 1.5)
    check([(4, 3), (4, 3), (3, 5), (4, 3)]) { tape, inputs, _ in
      let offsets: [Float] = [9, 5, 0, 0, 9, 5, 5, 0, 9, 9, 0, 5]
      let scores = tape.add(
        inputs[0], tape.constant(Matrix(rows: 4, columns: 3, elements: offsets)))
      let choices = routing.choices(scores.matrix)
      let answers = choices.tokens.map { tape.gather(inputs[1], rows: $0) }
      return tape.addExperts(
        answers, choices, gates: tape.gates(scores, choices, routing), to: inputs[3])
    }
  }

  /// One expert of three: forward the gate is 1, back it is the probability's.
  @Test func aChoiceOfExpertsGoesStraightThrough() {
    let parameters = FloatStorage([2, 0, 1, 3, 4])
    let gradients = FloatStorage(count: 5)
    let tape = Tape(parameters: parameters, gradients: gradients, pool: StoragePool())
    let routing = ExpertRouting(count: 1, gate: .straightThrough, scale: 2)
    let scores = tape.parameter(0..<3, columns: 3)
    let choices = routing.choices(scores.matrix)
    let result = tape.addExperts(
      [tape.parameter(3..<5, columns: 2), nil, nil], choices,
      gates: tape.gates(scores, choices, routing),
      to: tape.constant(Matrix(rows: 1, columns: 2, elements: [10, 20])))
    #expect(result.matrix.elements == [16, 28])
    _ = tape.weightedSum(result, weights: [1, -1], factor: 1)
    tape.backward()
    // d gate = 2 (3 - 4), through the softmax of (2, 0, 1).
    let p: [Float] = [0.66524, 0.09003, 0.24473]
    let expected = [-2 * p[0] * (1 - p[0]), 2 * p[0] * p[1], 2 * p[0] * p[2], 2, -2]
    #expect(zip(gradients.values, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func theCrossEntropyOfALoss() {
    let (parameters, gradients) = (FloatStorage([0, 0, 0, 1, 2, 3]), FloatStorage(count: 6))
    let tape = Tape(parameters: parameters, gradients: gradients, pool: StoragePool())
    let loss = tape.crossEntropy(
      tape.parameter(0..<6, columns: 3), targets: [1, 2], factor: 4)
    tape.backward()
    #expect(abs(loss - (1.0986123 + 0.4076059) / 2) < 1e-6)
    let expected: [Float] = [2.0 / 3, -4.0 / 3, 2.0 / 3, 0.18006, 0.48946, -0.66952]
    #expect(zip(gradients.values, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func theSquaredErrorOfALoss() {
    let goal = Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
    let start: [Float] = [1, 1, 3, 4, 7, 8]
    let (parameters, gradients) = (FloatStorage(start), FloatStorage(count: 6))
    let tape = Tape(parameters: parameters, gradients: gradients, pool: StoragePool())
    let loss = tape.squaredError(
      tape.parameter(0..<6, columns: 3), tape.constant(goal), weights: [1, 0.5], factor: 3)
    tape.backward()
    #expect(abs(loss - (1.0 / 3 + 0.5 * 8 / 3)) < 1e-6)
    #expect(zip(gradients.values, [0, -2, 0, 0, 2, 2]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func theHuberErrorOfALoss() {
    let goal = Matrix(rows: 2, columns: 2, elements: [0, 0, 0, 0])
    let (parameters, gradients) = (FloatStorage([0.25, -2, 0, 1]), FloatStorage(count: 4))
    let tape = Tape(parameters: parameters, gradients: gradients, pool: StoragePool())
    let loss = tape.huberError(
      tape.parameter(0..<4, columns: 2), tape.constant(goal), width: 0.5, weights: [1, 2], factor: 4
    )
    tape.backward()
    // By hand: 0.25²/2; 0.5 (2 - 0.25); 0; 0.5 (1 - 0.25).
    #expect(abs(loss - ((0.03125 + 0.875) / 2 + 2 * (0 + 0.375) / 2)) < 1e-6)
    #expect(zip(gradients.values, [0.5, -1, 0, 2]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// A hard choice passes its gradient on as if the gate were h + g (y − h): ⟨dh, y − h⟩ a sequence.
  @Test func theGradientOfAHardChoiceGoesStraightThrough() {
    let numbers = TapeNumbers(seed: 3)
    let (h, y, gates) = (numbers.next(8), numbers.next(8), numbers.next(6))
    let parameters = FloatStorage(h + y + gates)
    let gradients = FloatStorage(count: 22)
    let tape = Tape(parameters: parameters, gradients: gradients, pool: StoragePool())
    let tokens = tape.parameter(0..<8, columns: 2)
    let answer = tape.parameter(8..<16, columns: 2)
    let levels = tape.parameter(16..<22, columns: 3)
    let result = tape.choose(
      tokens, processed: tape.gather(answer, rows: [2, 3]), chosen: [1],
      others: tape.constant(Matrix(rows: 2, columns: 2, elements: Array(y[..<4]))),
      otherSequences: [0], sequences: [0..<2, 2..<4], gates: levels, column: 2)
    #expect(result.matrix.elements == Array(h[..<4]) + Array(y[4...]))
    let weights = numbers.next(8)
    _ = tape.weightedSum(
      tape.reshape(result, rows: 8, columns: 1), weights: weights, factor: 1)
    tape.backward()
    func slope(_ range: Range<Int>) -> Float {
      range.reduce(0) { $0 + weights[$1] * (y[$1] - h[$1]) }
    }
    let expected =
      Array(weights[..<4]) + [0, 0, 0, 0] + [0, 0, 0, 0] + Array(weights[4...])
      + [0, 0, slope(0..<4), 0, 0, slope(4..<8)]
    #expect(zip(gradients.values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  /// Memory is used again, and a second pass finds nothing of the first.
  @Test func aSecondPassGivesTheSameGradient() {
    let pool = StoragePool()
    let parameters = FloatStorage(TapeNumbers(seed: 1).next(40))
    let passes = (0..<2).map { _ in
      let gradients = FloatStorage(count: 40)
      let tape = Tape(parameters: parameters, gradients: gradients, pool: pool)
      let norm = tape.layerNorm(tape.parameter(0..<40, columns: 8), epsilon: 1e-5)
      let sum = tape.add(norm, tape.activate(norm, .silu))
      _ = tape.weightedSum(
        tape.reshape(sum, rows: 40, columns: 1), weights: (0..<40).map { Float($0) }, factor: 1)
      tape.backward()
      return gradients.values
    }
    #expect(passes[0] == passes[1])
    #expect(passes[0].contains { $0 != 0 })
  }
}

/// Holds the gradient of all inputs to differences of the weighed sum.
private func check(
  _ shapes: [(rows: Int, columns: Int)], location: SourceLocation = #_sourceLocation,
  _ operation: (Tape, [Variable], [Range<Int>]) -> Variable
) {
  let numbers = TapeNumbers(seed: 7)
  var ranges: [Range<Int>] = []
  for shape in shapes {
    let start = ranges.last?.upperBound ?? 0
    ranges.append(start..<start + shape.rows * shape.columns)
  }
  let start = numbers.next(ranges[ranges.count - 1].upperBound)
  let pool = StoragePool()
  func pass(_ values: [Float], _ gradients: FloatStorage?) -> Double {
    let tape = Tape(parameters: FloatStorage(values), gradients: gradients, pool: pool)
    let inputs = zip(ranges, shapes).map { tape.parameter($0, columns: $1.columns) }
    let result = operation(tape, inputs, ranges)
    let weights = TapeNumbers(seed: 11).next(result.count)
    let sum = tape.weightedSum(
      tape.reshape(result, rows: result.count, columns: 1), weights: weights, factor: 1)
    tape.backward()
    return sum
  }
  let gradients = FloatStorage(count: start.count)
  _ = pass(start, gradients)
  let error = FiniteDifferences().error(of: gradients.values, at: start) { pass($0, nil) }
  #expect(error < 3e-4, sourceLocation: location)
}

/// Numbers between -1 and 1.
private final class TapeNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  func next(_ count: Int) -> [Float] {
    (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Double(state >> 11) * 0x1p-52 - 1)
    }
  }
}
