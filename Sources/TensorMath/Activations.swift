/// Tokens in the element type that products read: `[rows, columns]`, and for bytes one scale a row.
///
/// Filled again and again; the memory stays.
package struct Activations: Sendable {
  package let precision: Precision
  package private(set) var rows = 0
  package private(set) var columns = 0
  var floats: [Float] = []
  var halves: [UInt16] = []
  var bytes: [Int8] = []
  var scales: [Float] = []
  private var rowScratch: [Float] = []

  package init(_ precision: Precision) {
    self.precision = precision
  }

  /// Tokens of a matrix, converted.
  package init(_ tokens: Matrix, as precision: Precision) {
    self.init(precision)
    fill(tokens)
  }

  /// Takes over the tokens of a matrix.
  package mutating func fill(_ tokens: Matrix) {
    let elements = tokens.elements.span
    let columns = tokens.columns
    fill(rows: tokens.rows, columns: columns) { row, target in
      let source = elements.extracting(row * columns..<(row + 1) * columns)
      for column in target.indices { target[column] = source[column] }
    }
  }

  /// Takes over the rows that `body` writes.
  ///
  /// - Parameter body: Gets the number of a row and writes all of its elements; called on several
  ///   threads.
  package mutating func fill(
    rows: Int, columns: Int, _ body: (Int, inout MutableSpan<Float>) -> Void
  ) {
    reserve(rows: rows, columns: columns)
    switch precision {
    case .float32: forEachRow(of: &floats, rows: rows, columns: columns, body)
    case .bfloat16:
      forEachRow(
        of: &halves, rows: rows, columns: columns, scratch: &rowScratch, scratchColumns: columns
      ) { row, target, scratch in
        body(row, &scratch)
        roundToBFloat16(scratch.span, into: &target)
      }
    case .int8: fillBytes(body)
    }
  }

  private mutating func fillBytes(_ body: (Int, inout MutableSpan<Float>) -> Void) {
    unsafe scales.withUnsafeMutableBufferPointer { scales in
      let scales = unsafe scales
      forEachRow(
        of: &bytes, rows: rows, columns: columns, scratch: &rowScratch, scratchColumns: columns
      ) { row, target, scratch in
        body(row, &scratch)
        unsafe scales[row] = quantizeRow(scratch.span, into: &target)
      }
    }
  }

  /// Makes room for so many tokens, whose elements are then undefined.
  mutating func reserve(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    switch precision {
    case .float32: floats.grow(to: rows * columns)
    case .bfloat16: halves.grow(to: rows * columns)
    case .int8:
      bytes.grow(to: rows * columns)
      scales.grow(to: rows)
    }
  }

  /// The elements as 32-bit floats.
  var inFloats: [Float] {
    let count = rows * columns
    switch precision {
    case .float32: return floats
    case .bfloat16: return halves.prefix(count).map { Float(bitPattern: UInt32($0) << 16) }
    case .int8: return (0..<count).map { Float(bytes[$0]) * scales[$0 / columns] }
    }
  }

  /// Runs `body` with the elements.
  func withElements<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    func call<Element>(_ elements: [Element]) -> Result {
      unsafe elements.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { preconditionFailure("no tokens") }
        return unsafe body(start)
      }
    }
    switch precision {
    case .float32: return call(floats)
    case .bfloat16: return call(halves)
    case .int8: return call(bytes)
    }
  }

  /// Runs `body` with the elements, to be written.
  mutating func withMutableElements(_ body: (UnsafeMutableRawPointer) -> Void) {
    func call<Element>(_ elements: inout [Element]) {
      unsafe elements.withUnsafeMutableBytes { bytes in
        guard let start = bytes.baseAddress else { preconditionFailure("no tokens") }
        unsafe body(start)
      }
    }
    switch precision {
    case .float32: call(&floats)
    case .bfloat16: call(&halves)
    case .int8: call(&bytes)
    }
  }
}
