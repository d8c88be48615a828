internal import Foundation
internal import Synchronization
internal import Threads

/// Threads that work on numbered items at once, whose results are taken in the items' order.
struct OrderedWorkers {
  /// The number of threads.
  let count: Int

  /// How many items may be begun ahead of the one that is waited for.
  private var lead: Int { 4 * count }

  /// Works on the items `0..<total`.
  ///
  /// - Parameters:
  ///   - prepare: Called in each thread first; what it gives works on items in that thread alone.
  ///   - consume: Takes the results in order, in the caller's thread; `false` stops the work.
  /// - Throws: The error of the first item (in order) that failed, or of `prepare` or `consume`;
  ///   `ThreadError`.
  func run<Output: Sendable>(
    _ total: Int, prepare: @escaping @Sendable () throws -> (Int) throws -> Output,
    consume: (Output) throws -> Bool
  ) throws {
    let board = Board<Output>(total: total)
    var threads: [WorkerThread] = []
    defer {
      board.stop()
      for thread in threads { thread.join() }
    }
    for _ in 0..<max(1, min(count, total)) {
      threads.append(try WorkerThread { board.work(prepare: prepare, lead: lead) })
    }
    for index in 0..<total {
      guard try consume(board.take(index).get()) else { return }
    }
  }
}

/// What is begun, what is done, and what was taken.
private final class Board<Output: Sendable>: Sendable {
  private struct State {
    var next = 0
    var taken = 0
    var done: [Int: Result<Output, any Error>] = [:]
    var isStopped = false
  }

  private let total: Int
  private let condition = NSCondition()
  private let state = Mutex(State())

  init(total: Int) {
    self.total = total
  }

  /// Works until nothing is left; an error counts as the result of the item that met it.
  func work(prepare: () throws -> (Int) throws -> Output, lead: Int) {
    let prepared = Result { try prepare() }
    while let index = begin(lead: lead) {
      let result = Result { try prepared.get()(index) }
      condition.lock()
      state.withLock { $0.done[index] = result }
      condition.broadcast()
      condition.unlock()
    }
  }

  private func begin(lead: Int) -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      let (index, mayBegin) = state.withLock { state -> (Int?, Bool) in
        guard !state.isStopped, state.next < total else { return (nil, true) }
        guard state.next < state.taken + lead else { return (nil, false) }
        defer { state.next += 1 }
        return (state.next, true)
      }
      if mayBegin { return index }
      condition.wait()
    }
  }

  /// Waits for an item's result.
  func take(_ index: Int) -> Result<Output, any Error> {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let result = state.withLock({ $0.done.removeValue(forKey: index) }) {
        state.withLock { $0.taken = index + 1 }
        condition.broadcast()
        return result
      }
      condition.wait()
    }
  }

  func stop() {
    condition.lock()
    state.withLock { $0.isStopped = true }
    condition.broadcast()
    condition.unlock()
  }
}
