internal import Foundation
import Manipulation
internal import Synchronization
internal import Threads

/// A thread with a world of its own, which carries out errands there one after the other.
///
/// A simulator and its pictures belong to one thread, so a rollout that has several worlds open has
/// a thread for each; what goes in and comes out are values.
final class SeatThread: Sendable {
  private let errands = Errands()
  private let thread: WorkerThread

  /// - Parameter make: Called in the thread, when the first errand comes.
  /// - Throws: `ThreadError`.
  init(make: @escaping @Sendable () throws -> WorldSeat) throws {
    thread = try WorkerThread { [errands] in errands.work(make) }
  }

  deinit {
    errands.end()
    thread.join()
  }

  /// Has something done in the thread, after what was asked for before, and does not wait for it.
  func send(_ errand: @escaping @Sendable (WorldSeat) throws -> RolloutMoment) -> Awaited {
    let awaited = Awaited()
    errands.add { seat in awaited.arrive(Result { try errand(seat.get()) }) }
    return awaited
  }
}

/// What a seat's thread has yet to do.
private final class Errands: Sendable {
  typealias Errand = @Sendable (Result<WorldSeat, any Error>) -> Void

  private struct State {
    var waiting: [Errand] = []
    var isEnded = false
  }

  private let condition = NSCondition()
  private let state = Mutex(State())

  func add(_ errand: @escaping Errand) {
    condition.lock()
    state.withLock { $0.waiting.append(errand) }
    condition.signal()
    condition.unlock()
  }

  /// What waits is dropped.
  func end() {
    condition.lock()
    state.withLock { $0 = State(isEnded: true) }
    condition.signal()
    condition.unlock()
  }

  func work(_ make: () throws -> WorldSeat) {
    var seat: Result<WorldSeat, any Error>?
    while let errand = next() {
      let made = seat ?? Result { try make() }
      seat = made
      errand(made)
    }
  }

  private func next() -> Errand? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      let (errand, isEnded) = state.withLock { state in
        (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isEnded)
      }
      if errand != nil || isEnded { return errand }
      condition.wait()
    }
  }
}

/// What an errand will have come to.
final class Awaited: Sendable {
  private let condition = NSCondition()
  private let result = Mutex<Result<RolloutMoment, any Error>?>(nil)

  fileprivate func arrive(_ moment: Result<RolloutMoment, any Error>) {
    condition.lock()
    result.withLock { $0 = moment }
    condition.signal()
    condition.unlock()
  }

  /// Waits for it.
  ///
  /// - Throws: What the errand threw.
  func value() throws -> RolloutMoment {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let result = result.withLock({ $0 }) { return try result.get() }
      condition.wait()
    }
  }
}
