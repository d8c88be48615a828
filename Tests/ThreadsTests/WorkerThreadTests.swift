import Synchronization
import Testing
import Threads

@Suite("Threads")
struct WorkerThreadTests {
  @Test("what threads did is done when they have been waited for")
  func joined() throws {
    let sum = Sum()
    let threads = try (1...20).map { number in try WorkerThread { sum.add(number) } }
    for thread in threads { thread.join() }
    #expect(sum.value == 210)
  }

  @Test("a thread has room for what calls itself often")
  func stack() throws {
    let sum = Sum()
    try WorkerThread { sum.add(depth(20_000)) }.join()
    #expect(sum.value == 20_000)
  }
}

private final class Sum: Sendable {
  private let total = Atomic<Int>(0)

  var value: Int { total.load(ordering: .relaxed) }

  func add(_ number: Int) { total.add(number, ordering: .relaxed) }
}

/// Takes a good hundred bytes of stack a call.
@inline(never)
private func depth(_ calls: Int) -> Int {
  let space = [64 of Int](repeating: calls)
  guard calls > 1 else { return 1 }
  return depth(calls - 1) + (space[calls % 64] == calls ? 1 : 0)
}
