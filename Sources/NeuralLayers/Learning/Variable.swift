package import TensorMath

/// What an operation of a tape made: values, and on the way back their gradient.
///
/// Its memory goes back to its pool when nobody holds it any more.
package final class Variable {
  package let rows: Int
  package let columns: Int
  /// Row-major; there may be room for more at its end.
  package let storage: FloatStorage
  /// Whether anything that is learned went into it.
  package let needsGradient: Bool
  private(set) var gradient: FloatStorage?
  private let pool: StoragePool

  init(rows: Int, columns: Int, needsGradient: Bool, pool: StoragePool) {
    self.rows = rows
    self.columns = columns
    self.needsGradient = needsGradient
    self.pool = pool
    storage = pool.take(rows * columns)
  }

  deinit {
    pool.give(storage)
    if let gradient { pool.give(gradient) }
  }

  package var count: Int { rows * columns }

  /// All of it as one block of a product.
  var block: Block { Block(rows: rows, columns: columns, stride: columns) }

  /// A copy of the values.
  package var matrix: Matrix {
    Matrix(rows: rows, columns: columns, elements: read { span in span.indices.map { span[$0] } })
  }

  package func read<Result>(_ body: (Span<Float>) -> Result) -> Result {
    storage.withSpan(0..<count, body)
  }

  package func write(_ body: (inout MutableSpan<Float>) -> Void) {
    storage.withMutableSpan(0..<count, body)
  }

  /// Where to add to the gradient, and whether it holds anything yet; `nil` where nobody asks.
  func target() -> (storage: FloatStorage, adding: Bool)? {
    guard needsGradient else { return nil }
    if let gradient { return (gradient, true) }
    let fresh = pool.take(count)
    gradient = fresh
    return (fresh, false)
  }

  /// Calls `body` with the gradient to add to, or to write where it holds nothing yet.
  package func addToGradient(_ body: (inout MutableSpan<Float>, _ adding: Bool) -> Void) {
    guard let (storage, adding) = target() else { return }
    storage.withMutableSpan(0..<count) { body(&$0, adding) }
  }

  /// Takes the gradient out; `nil` where none arrived.
  func takeGradient() -> FloatStorage? {
    defer { gradient = nil }
    return gradient
  }

  /// Makes `other` its gradient where it has none yet, else adds it and gives it back.
  func hand(_ other: FloatStorage) {
    guard needsGradient, let gradient else {
      if needsGradient { gradient = other } else { pool.give(other) }
      return
    }
    gradient.withMutableSpan(0..<count) { target in
      other.withSpan(0..<count) { accumulate($0, into: &target, adding: true) }
    }
    pool.give(other)
  }
}

/// Memory that is used again from operation to operation and from update to update.
/// One thread uses it at a time.
package final class StoragePool: @unchecked Sendable {
  private var free: [Int: [FloatStorage]] = [:]
  var workspace = Workspace()

  package init() {}

  /// At least `count` numbers, whatever they are.
  func take(_ count: Int) -> FloatStorage {
    let size = StoragePool.size(count)
    return free[size]?.popLast() ?? FloatStorage(count: size)
  }

  func give(_ storage: FloatStorage) {
    free[storage.count, default: []].append(storage)
  }

  /// Rounded up to one of eight sizes between powers of two, so that batches of nearly the same
  /// number of tokens share memory.
  private static func size(_ count: Int) -> Int {
    let step = max(64, (1 << (Int.bitWidth - max(count, 1).leadingZeroBitCount)) / 16)
    return (count + step - 1) / step * step
  }
}
