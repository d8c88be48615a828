/// Numbers at a fixed place in memory, zero at first: parameters, gradients, moments.
///
/// Threads may read it at once, and write to different parts at once; who shares it sees to that.
@safe package final class FloatStorage: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Float>

  /// - Parameter count: Not negative.
  package init(count: Int) {
    unsafe buffer = .allocate(capacity: count)
    unsafe buffer.initialize(repeating: 0)
  }

  package convenience init(_ values: [Float]) {
    self.init(count: values.count)
    copy(from: values.span)
  }

  deinit { unsafe buffer.deallocate() }

  package var count: Int { unsafe buffer.count }

  /// A copy of all numbers.
  package var values: [Float] { unsafe Array(buffer) }

  /// Calls `body` with some of the numbers.
  package func withSpan<Result>(
    _ range: Range<Int>? = nil, _ body: (Span<Float>) throws -> Result
  ) rethrows -> Result {
    let part = unsafe UnsafeBufferPointer(buffer.extracting(range ?? 0..<count))
    return try body(unsafe Span(_unsafeElements: part))
  }

  /// - Precondition: As many values as there are numbers.
  package func copy(from values: Span<Float>) {
    precondition(values.count == count, "\(values.count) values for \(count)")
    for index in values.indices { unsafe buffer[index] = values[index] }
  }

  package func copy(from other: FloatStorage) { other.withSpan { copy(from: $0) } }

  package func fill(_ value: Float) { unsafe buffer.update(repeating: value) }

  /// Calls `body` with some of the numbers to change.
  package func withMutableSpan<Result>(
    _ range: Range<Int>? = nil, _ body: (inout MutableSpan<Float>) throws -> Result
  ) rethrows -> Result {
    var span = unsafe MutableSpan(_unsafeElements: buffer.extracting(range ?? 0..<count))
    return try body(&span)
  }

  /// Calls `body` with the bytes of all numbers, in the machine's order.
  package func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try unsafe body(UnsafeRawBufferPointer(buffer))
  }

  /// Calls `body` with the bytes of all numbers to fill.
  package func withUnsafeMutableBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try unsafe body(UnsafeMutableRawBufferPointer(buffer))
  }

  /// The numbers of one part, for products and kernels.
  func pointer(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
    unsafe buffer.extracting(range)
  }
}
