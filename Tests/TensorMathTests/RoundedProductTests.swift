import TensorMath
import Testing

@Suite("Products of rounded factors")
struct RoundedProductTests {
  /// Sizes below, at and above the steps that numbers of tokens are cut at.
  @Test(arguments: [1, 15, 16, 63, 64, 65, 130, 200], [false, true])
  func areProductsOfRoundedFactors(tokens: Int, adding: Bool) {
    let (wide, narrow) = (48, 20)
    // There: tokens × wide by (narrow × wide)ᵀ; back: tokens × narrow by narrow × wide; and the
    // gradient: (tokens × narrow)ᵀ by tokens × wide.
    let x = Factor(tokens, wide, seed: 1)
    let w = Factor(narrow, wide, seed: 2)
    let y = Factor(tokens, narrow, seed: 3)
    expectProduct(x, w, transposingRight: true, adding: adding)
    expectProduct(y, w, adding: adding)
    expectProduct(y, x, transposingLeft: true, adding: adding)
  }

  /// A layer that no token of a batch goes through.
  @Test(arguments: [false, true])
  func noTokensGiveNothing(adding: Bool) {
    let result = FloatStorage([5])
    var workspace = Workspace()
    multiplyRounded(
      FloatStorage(count: 0), Block(rows: 0, columns: 1, stride: 1), transposingLeft: true,
      FloatStorage(count: 0), Block(rows: 0, columns: 1, stride: 1), into: result,
      Block(rows: 1, columns: 1, stride: 1), adding: adding, workspace: &workspace)
    #expect(result.values == [adding ? 5 : 0])
  }

  private func expectProduct(
    _ left: Factor, _ right: Factor, transposingLeft: Bool = false,
    transposingRight: Bool = false, adding: Bool
  ) {
    let rows = transposingLeft ? left.columns : left.rows
    let outer = transposingRight ? right.rows : right.columns
    let block = Block(rows: rows, columns: outer, offset: 3, stride: outer)
    let values = (0..<rows * outer + 6).map { Float($0 % 7) }
    let (expected, found) = (FloatStorage(values), FloatStorage(values))
    multiply(
      left.rounded, left.block, transposingLeft: transposingLeft, right.rounded, right.block,
      transposingRight: transposingRight, into: expected, block, adding: adding)
    var workspace = Workspace()
    for _ in 0..<2 {
      found.copy(from: values.span)
      multiplyRounded(
        left.exact, left.block, transposingLeft: transposingLeft, right.exact, right.block,
        transposingRight: transposingRight, into: found, block, adding: adding,
        workspace: &workspace)
      let distance = zip(expected.values, found.values).map { abs($0 - $1) }.max() ?? .infinity
      #expect(distance < 1e-4)
      #expect(Array(found.values.prefix(3)) == Array(values.prefix(3)))
      #expect(Array(found.values.suffix(3)) == Array(values.suffix(3)))
    }
  }

  /// A factor, after two numbers that are not its own.
  private struct Factor {
    let rows: Int
    let columns: Int
    let exact: FloatStorage
    let rounded: FloatStorage

    var block: Block { Block(rows: rows, columns: columns, offset: 2, stride: columns) }

    init(_ rows: Int, _ columns: Int, seed: Int) {
      (self.rows, self.columns) = (rows, columns)
      let values = (0..<rows * columns + 2).map { index in
        Float((index * 7919 + seed * 311) % 2003) / 1001 - 1
      }
      exact = FloatStorage(values)
      rounded = FloatStorage(
        values.map { value in
          // To nearest, ties to even.
          let bits = value.bitPattern
          return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
        })
    }
  }
}
