internal import Dispatch
internal import Synchronization

/// Work that splits into pieces, none of which needs another.
package enum Pieces {
  /// Runs `body` for each piece, on all cores, and returns when all are done. After an error no
  /// further piece begins.
  ///
  /// - Throws: The first error that came.
  package static func forEach(
    _ count: Int, _ body: @Sendable (_ piece: Int) throws -> Void
  ) throws {
    guard count > 1 else {
      if count == 1 { try body(0) }
      return
    }
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: count) { piece in
      guard failure.withLock({ $0 == nil }) else { return }
      do {
        try body(piece)
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// What `body` gives for each piece, in the order of the pieces, whichever is done first.
  ///
  /// - Throws: The first error that came.
  package static func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (_ piece: Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    try forEach(count) { piece in
      let result = try body(piece)
      results.withLock { $0[piece] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  /// The pieces of `count` elements, each of at most `length`, in order.
  package static func ranges(of count: Int, length: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }
}
