internal import COpenBLAS
internal import COpenMP
import Synchronization

/// The one pool of threads that numeric work runs on: GNU OpenMP's, which oneDNN uses as well.
package enum ComputeThreads {
  private static let wanted = Atomic<Int>(Int(omp_get_num_procs()))

  /// Sets the number of threads for the whole process.
  package static func set(_ count: Int) {
    wanted.store(max(1, count), ordering: .relaxed)
  }

  package static var count: Int { wanted.load(ordering: .relaxed) }

  /// Below so many multiply-accumulates, waking a second thread costs more than it saves; on a busy
  /// machine, where the thread has to wait for its turn, much more.
  private static let smallestSharedWork = 8_000_000

  /// How many threads a product of so many multiply-accumulates is worth.
  static func count(forWork multiplyAccumulates: Int) -> Int {
    multiplyAccumulates < smallestSharedWork ? 1 : count
  }

  /// Runs `body` for 0 ..< `partCount`, on several threads where there are several parts.
  package static func run(_ partCount: Int, _ body: (Int) -> Void) {
    guard partCount > 1, count > 1, omp_in_parallel() == 0 else {
      for part in 0..<partCount { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var work = SharedWork(partCount: partCount, body: body)
      unsafe withUnsafeMutablePointer(to: &work) { work in
        unsafe GOMP_parallel(
          { unsafe SharedWork.runShare(of: $0) }, work, UInt32(min(partCount, count)), 0)
      }
    }
  }

  /// Cuts `itemCount` items into one range a thread.
  ///
  /// - Parameter work: Multiply-accumulates, or what costs as much, of all items.
  static func split(_ itemCount: Int, work: Int, _ body: (Range<Int>) -> Void) {
    let parts = min(itemCount, count(forWork: work))
    guard parts > 1 else {
      if itemCount > 0 { body(0..<itemCount) }
      return
    }
    run(parts) { part in
      body(itemCount * part / parts..<itemCount * (part + 1) / parts)
    }
  }

  /// Tells oneDNN, on the calling thread, how many threads to use.
  static func announce(_ count: Int) {
    omp_set_num_threads(Int32(count))
  }
}

/// What the threads of a pool share while they run.
private struct SharedWork {
  let partCount: Int
  let body: (Int) -> Void

  /// Every thread takes each n-th part, for the n threads that there really are.
  static func runShare(of work: UnsafeMutableRawPointer?) {
    guard let work = unsafe work?.assumingMemoryBound(to: SharedWork.self) else { return }
    let step = Int(omp_get_num_threads())
    for part in stride(from: Int(omp_get_thread_num()), to: unsafe work.pointee.partCount, by: step)
    {
      unsafe work.pointee.body(part)
    }
  }
}
