/// How a weight's elements are stored.
package enum StoredElement: Sendable {
  case float32
  case bfloat16
  case float16
  /// Rounded to 32 bits where it is read.
  case float64
  /// Bytes with one scale an output channel.
  case int8

  var byteCount: Int {
    switch self {
    case .float64: 8
    case .float32: 4
    case .bfloat16, .float16: 2
    case .int8: 1
    }
  }
}

/// A weight `[out, in]`, row-major, where it is kept: in a mapped file, say.
package protocol StoredWeight: Sendable {
  var element: StoredElement { get }

  /// One factor a row, for `int8`.
  var scales: [Float] { get }

  /// Runs `body` with all elements, little-endian, not necessarily aligned.
  func withBytes(_ body: (RawSpan) -> Void)

  /// Says that the bytes will not be read soon, so that a file's pages may leave the memory.
  func releasePages()
}

/// A weight in memory.
struct MatrixWeight: StoredWeight {
  let matrix: Matrix
  var element: StoredElement { .float32 }
  var scales: [Float] { [] }

  func withBytes(_ body: (RawSpan) -> Void) { unsafe body(matrix.elements.span.bytes) }
  func releasePages() {}
}
