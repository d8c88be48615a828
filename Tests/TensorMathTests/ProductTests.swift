import TensorMath
import Testing

/// Products of tokens with weights in every precision, as packed for the processor and as stored.
@Suite struct ProductTests {
  struct Case: Sendable, CustomStringConvertible {
    var precision: Precision
    var packing = true
    /// The largest error, as a share of the largest result.
    var tolerance: Float
    var description: String { "\(precision)\(packing ? "" : ", as stored")" }
  }

  static let cases = [
    Case(precision: .float32, tolerance: 1e-6),
    Case(precision: .float32, packing: false, tolerance: 1e-6),
    Case(precision: .bfloat16, tolerance: 6e-3), Case(precision: .int8, tolerance: 1e-2),
  ]

  @Test(
    "a product equals the sum written out, and counts its multiply-accumulates", arguments: cases)
  func product(of kind: Case) {
    let (tokens, weight) = (
      numbered(rows: 7, columns: 75), numbered(rows: 33, columns: 75, seed: 1)
    )
    var counter = MACCounter()
    let found = multiply(tokens, weight, kind, counting: &counter)
    expect(found, near: product(tokens, weight), kind)
    #expect(counter.count == 7 * 75 * 33)
  }

  @Test("OpenBLAS runs no code of long ago, however new the processor")
  func kernels() throws {
    let description = try #require(ProductEngines.descriptions["OpenBLAS"])
    // What it gives processors that it does not know.
    #expect(!description.contains("(Prescott)"), "\(description)")
  }

  @Test("a bias is added, a residual kept, an activation applied", arguments: cases)
  func finishes(of kind: Case) {
    let (tokens, weight) = (
      numbered(rows: 5, columns: 64), numbered(rows: 48, columns: 64, seed: 2)
    )
    let bias = numbered(rows: 1, columns: 48, seed: 3).elements
    let start = numbered(rows: 5, columns: 48, seed: 4)
    var plain = product(tokens, weight)
    for index in plain.elements.indices { plain.elements[index] += bias[index % 48] }
    var counter = MACCounter()

    var sum = start
    sum.add(plain)
    var found = start
    multiply(tokens, weight, kind, bias: bias, finish: .add, into: &found, counting: &counter)
    expect(found, near: sum, kind)

    for activation in [Activation.silu, .gelu, .geluTanh] {
      var expected = plain
      activation.apply(to: &expected)
      multiply(
        tokens, weight, kind, bias: bias, finish: .activate(activation), into: &found,
        counting: &counter)
      expect(found, near: expected, kind)
    }
  }

  @Test(
    "a NaN or an infinity in a token or a weight stays no number in its row or column",
    arguments: cases, [Float.nan, .infinity])
  func notFinite(of kind: Case, value: Float) {
    let (tokens, weight) = (
      numbered(rows: 3, columns: 75), numbered(rows: 33, columns: 75, seed: 1)
    )
    var counter = MACCounter()
    var badTokens = tokens
    badTokens.elements[75 + 4] = value
    let byToken = multiply(badTokens, weight, kind, counting: &counter)
    for row in 0..<3 {
      #expect(byToken.row(row).contains { !$0.isFinite } == (row == 1), "\(kind), row \(row)")
    }
    var badWeight = weight
    badWeight.elements[75 * 2 + 4] = value
    let byWeight = multiply(tokens, badWeight, kind, counting: &counter)
    for column in 0..<33 {
      let bad = (0..<3).contains { !byWeight.row($0)[column].isFinite }
      #expect(bad == (column == 2), "\(kind), column \(column)")
    }
  }

  @Test("a gated block equals its two products, the SiLU and the multiplication", arguments: cases)
  func gated(of kind: Case) {
    let tokens = numbered(rows: 6, columns: 40)
    let (gate, up) = (
      numbered(rows: 56, columns: 40, seed: 5), numbered(rows: 56, columns: 40, seed: 6)
    )
    var expected = product(tokens, gate)
    Activation.silu.apply(to: &expected)
    let factor = product(tokens, up)
    for index in expected.elements.indices { expected.elements[index] *= factor.elements[index] }

    let down = prepared(identity(56), kind)
    let (preparedGate, preparedUp) = (prepared(gate, kind), prepared(up, kind))
    var (spare, next) = (Activations(down.precision), Activations(down.precision))
    var workspace = Workspace()
    var counter = MACCounter()
    GatedProduct.multiply(
      Activations(tokens, as: preparedGate.precision), gate: preparedGate, up: preparedUp,
      spare: &spare, into: &next, workspace: &workspace, counting: &counter)
    #expect(counter.count == 2 * 6 * 40 * 56)
    var found = Matrix(rows: 6, columns: 56)
    down.multiply(next, into: &found, workspace: &workspace, counting: &counter)
    expect(found, near: expected, kind, factor: 2)
  }

  /// OpenBLAS, which multiplies weights as they are stored, has code of its own for few rows on some
  /// processors, and for a single row on all.
  @Test(
    "a token's result does not depend on the tokens around it",
    arguments: cases.filter { $0.packing && $0.precision.ignoresOtherTokens })
  func batches(of kind: Case) {
    let tokens = numbered(rows: 301, columns: 192)
    let weight = prepared(numbered(rows: 200, columns: 192, seed: 7), kind)
    func run(_ rows: Range<Int>) -> Matrix {
      var result = Matrix(rows: rows.count, columns: 200)
      var (workspace, counter) = (Workspace(), MACCounter())
      weight.multiply(
        Activations(tokens.rows(rows), as: weight.precision), into: &result,
        workspace: &workspace, counting: &counter)
      return result
    }
    let all = run(0..<301)
    for rows in [0..<1, 5..<6, 3..<20, 64..<128, 100..<301] {
      let same = run(rows) == all.rows(rows)
      #expect(same, "rows \(rows)")
    }
  }

  @Test("the number of threads changes no result", arguments: cases)
  func threads(of kind: Case) {
    let (tokens, weight) = (
      numbered(rows: 150, columns: 256), numbered(rows: 512, columns: 256, seed: 8)
    )
    let before = ComputeThreads.count
    defer { ComputeThreads.set(before) }
    var counter = MACCounter()
    ComputeThreads.set(1)
    let one = multiply(tokens, weight, kind, counting: &counter)
    ComputeThreads.set(3)
    #expect(multiply(tokens, weight, kind, counting: &counter) == one)
  }

  @Test("a token with a NaN gives NaN, and no other token does", arguments: cases)
  func notANumber(of kind: Case) {
    var tokens = numbered(rows: 3, columns: 64)
    tokens.elements[64 + 5] = .nan
    var counter = MACCounter()
    let found = multiply(
      tokens, numbered(rows: 48, columns: 64, seed: 9), kind, counting: &counter)
    #expect(found.row(1).allSatisfy { $0.isNaN })
    #expect((found.row(0) + found.row(2)).allSatisfy { $0.isFinite })
  }

  @Test("weights of bytes are exact where tokens and weights are whole numbers")
  func wholeNumbers() {
    // 127 in every row and token: the scales are 1, and sums of 127 · 127 must not saturate.
    var (tokens, weight) = (Matrix(rows: 2, columns: 300), Matrix(rows: 3, columns: 300))
    for index in tokens.elements.indices { tokens.elements[index] = 127 }
    for index in weight.elements.indices { weight.elements[index] = index < 300 ? 127 : -127 }
    var counter = MACCounter()
    let found = multiply(
      tokens, weight, Case(precision: .int8, tolerance: 0), counting: &counter)
    let sum = Float(300 * 127 * 127)
    #expect(found.elements == [sum, -sum, -sum, sum, -sum, -sum])
  }

  // MARK: Helpers

  private func multiply(
    _ tokens: Matrix, _ weight: Matrix, _ kind: Case, counting counter: inout MACCounter
  ) -> Matrix {
    var result = Matrix(rows: tokens.rows, columns: weight.rows)
    multiply(tokens, weight, kind, into: &result, counting: &counter)
    return result
  }

  private func multiply(
    _ tokens: Matrix, _ weight: Matrix, _ kind: Case, bias: [Float]? = nil,
    finish: Finish = .store, into result: inout Matrix, counting counter: inout MACCounter
  ) {
    let weight = prepared(weight, kind)
    var workspace = Workspace()
    weight.multiply(
      Activations(tokens, as: weight.precision), bias: bias, finish: finish, into: &result,
      workspace: &workspace, counting: &counter)
  }

  private func prepared(_ weight: Matrix, _ kind: Case) -> PreparedWeight {
    PreparedWeight(
      InMemory(weight), outputWidth: weight.rows, inputWidth: weight.columns,
      precision: kind.precision, packing: kind.packing)
  }

  private func expect(
    _ found: Matrix, near expected: Matrix, _ kind: Case, factor: Float = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let largest = expected.elements.map(\.magnitude).max() ?? 0
    let error = zip(found.elements, expected.elements).map { ($0 - $1).magnitude }.max() ?? .nan
    #expect(
      error <= factor * kind.tolerance * largest, "\(error) of \(largest)",
      sourceLocation: sourceLocation)
  }

  private func product(_ tokens: Matrix, _ weight: Matrix) -> Matrix {
    var result = Matrix(rows: tokens.rows, columns: weight.rows)
    for row in 0..<tokens.rows {
      let token = tokens.row(row)
      for column in 0..<weight.rows {
        let sum = zip(token, weight.row(column)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        result.elements[row * weight.rows + column] = Float(sum)
      }
    }
    return result
  }

  private func identity(_ width: Int) -> Matrix {
    var result = Matrix(rows: width, columns: width)
    for index in 0..<width { result.elements[index * width + index] = 1 }
    return result
  }

  private func numbered(rows: Int, columns: Int, seed: Int = 0) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { Float(($0 * 37 + 11 + seed * 5) % 101) / 50 - 1 })
  }
}

/// A weight in memory, in any stored type.
private struct InMemory: StoredWeight {
  private let values: [Float]
  let element = StoredElement.float32
  var scales: [Float] { [] }

  init(_ matrix: Matrix) { values = matrix.elements }

  func withBytes(_ body: (RawSpan) -> Void) { unsafe body(values.span.bytes) }
  func releasePages() {}
}
