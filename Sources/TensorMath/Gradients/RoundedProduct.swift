/// Writes or adds left · right to `result`, either factor transposed where it says so, as `multiply`
/// does, but of factors rounded to bfloat16 (to nearest, ties to even); sums are 32-bit floats.
///
/// A product that the processor has instructions for takes half of the time. Elsewhere the rounded
/// factors are multiplied as floats: the same numbers but for the order of sums, at no gain.
///
/// - Precondition: The blocks have no gaps between rows, lie inside their storage, and fit; not
///   both factors are transposed.
package func multiplyRounded(
  _ left: FloatStorage, _ leftBlock: Block, transposingLeft: Bool = false, _ right: FloatStorage,
  _ rightBlock: Block, transposingRight: Bool = false, into result: FloatStorage,
  _ resultBlock: Block, adding: Bool, workspace: inout Workspace
) {
  let product = RoundedProduct(
    rows: resultBlock.rows, inner: transposingLeft ? leftBlock.rows : leftBlock.columns,
    outer: resultBlock.columns, transposesLeft: transposingLeft,
    transposesRight: transposingRight)
  precondition(!(transposingLeft && transposingRight), "both factors transposed")
  for block in [leftBlock, rightBlock, resultBlock] {
    precondition(block.stride == block.columns, "a gap between rows")
  }
  precondition(
    leftBlock.count == product.rows * product.inner
      && rightBlock.count == product.inner * product.outer, "product of unequal sizes")
  guard product.rows > 0, product.outer > 0 else { return }
  guard product.inner > 0 else {
    guard !adding else { return }
    result.withMutableSpan(resultBlock.range) { target in
      for index in target.indices { target[index] = 0 }
    }
    return
  }
  if Precision.bfloat16.isNative {
    left.withSpan(leftBlock.range) { product.roundLeft($0, into: &workspace) }
    right.withSpan(rightBlock.range) { product.roundRight($0, into: &workspace) }
    product.run(into: result, at: resultBlock.offset, adding: adding, &workspace)
  } else {
    multiply(
      left.rounded(leftBlock.range), leftBlock.atStart, transposingLeft: transposingLeft,
      right.rounded(rightBlock.range), rightBlock.atStart, transposingRight: transposingRight,
      into: result, resultBlock, adding: adding)
  }
}

/// One product on oneDNN. Numbers of tokens differ from batch to batch and code is generated for
/// every number, so they are rounded up or cut to multiples of some.
private struct RoundedProduct {
  let rows: Int
  let inner: Int
  let outer: Int
  let transposesLeft: Bool
  let transposesRight: Bool

  private static let bigStep = 64
  private static let smallStep = 16

  /// Rows that are computed at once, where they are written to; the others need more room.
  private var wholeRows: Int { transposesLeft ? rows : rows / Self.bigStep * Self.bigStep }

  private var paddedRows: Int {
    wholeRows + (rows - wholeRows).roundedUp(toMultipleOf: Self.smallStep)
  }

  /// Tokens are summed over where the left factor is transposed; zeros add nothing.
  private var paddedInner: Int {
    transposesLeft ? inner.roundedUp(toMultipleOf: Self.bigStep) : inner
  }

  func roundLeft(_ source: Span<Float>, into workspace: inout Workspace) {
    workspace.leftHalves.round(source, upTo: paddedRows * paddedInner)
  }

  func roundRight(_ source: Span<Float>, into workspace: inout Workspace) {
    workspace.rightHalves.round(source, upTo: paddedInner * outer)
  }

  func run(
    into result: FloatStorage, at offset: Int, adding: Bool, _ workspace: inout Workspace
  ) {
    // Taken out, as running a plan needs the workspace itself.
    var (left, right, rest) = (
      workspace.leftHalves, workspace.rightHalves, workspace.firstSums
    )
    (workspace.leftHalves, workspace.rightHalves, workspace.firstSums) = ([], [], [])
    let whole = offset..<offset + wholeRows * outer
    if !whole.isEmpty {
      unsafe run(
        plan(rows: wholeRows, adding: adding), left, from: 0, right,
        into: result.pointer(whole), &workspace)
    }
    let remaining = paddedRows - wholeRows
    if remaining > 0 {
      rest.grow(to: remaining * outer)
      unsafe rest.withUnsafeMutableBufferPointer { rest in
        unsafe run(
          plan(rows: remaining, adding: false), left, from: wholeRows * paddedInner, right,
          into: unsafe rest, &workspace)
      }
      result.withMutableSpan(whole.upperBound..<offset + rows * outer) { target in
        accumulate(
          rest.span.extracting(0..<target.count), into: &target, adding: adding)
      }
    }
    (workspace.leftHalves, workspace.rightHalves, workspace.firstSums) = (left, right, rest)
    (left, right, rest) = ([], [], [])
  }

  private func run(
    _ plan: ProductPlan, _ left: [UInt16], from start: Int, _ right: [UInt16],
    into target: UnsafeMutableBufferPointer<Float>, _ workspace: inout Workspace
  ) {
    unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        guard let source = left.baseAddress, let weight = right.baseAddress,
          let target = target.baseAddress
        else { return }
        unsafe plan.run(
          source: source + start * MemoryLayout<UInt16>.stride, weight: weight, bias: nil,
          other: nil, result: target, workspace: &workspace)
      }
    }
  }

  private func plan(rows: Int, adding: Bool) -> ProductPlan {
    let shape = ProductShape(
      rows: rows, inner: paddedInner, outer: outer, source: .bfloat16, result: .float32,
      hasBias: false, finish: adding ? .add : .store, transposesSource: transposesLeft,
      weight: transposesRight ? .transposed : .plain)
    guard let plan = ProductPlan.plan(for: shape) else {
      preconditionFailure("oneDNN has no product \(shape)")
    }
    return plan
  }
}

extension Array where Element == UInt16 {
  /// Takes over rounded numbers, and zeros up to `count`.
  fileprivate mutating func round(_ source: Span<Float>, upTo count: Int) {
    grow(to: count)
    var target = mutableSpan
    var numbers = target._mutatingExtracting(0..<source.count)
    roundToBFloat16(source, into: &numbers)
    for index in source.count..<count { target[index] = 0 }
  }
}

extension FloatStorage {
  /// A copy of some numbers, rounded to bfloat16.
  fileprivate func rounded(_ range: Range<Int>) -> FloatStorage {
    var halves: [UInt16] = []
    withSpan(range) { halves.round($0, upTo: range.count) }
    return FloatStorage(halves.map { Float(bitPattern: UInt32($0) << 16) })
  }
}

extension Block {
  fileprivate var count: Int { rows * columns }
  fileprivate var range: Range<Int> { offset..<offset + count }
  fileprivate var atStart: Block { Block(rows: rows, columns: columns, stride: stride) }
}

extension Int {
  fileprivate func roundedUp(toMultipleOf step: Int) -> Int { (self + step - 1) / step * step }
}
