internal import Foundation

/// Adds up seconds on the clock, and the seconds in which this process had processors.
package struct Stopwatch: Sendable {
  private var elapsed = 0.0
  private var processor = 0.0

  /// - Returns: The seconds that `body` took.
  mutating func seconds(of body: () throws -> Void) rethrows -> Double {
    let (begin, processorBegin) = (ContinuousClock.now, Stopwatch.processorSeconds)
    try body()
    let seconds = begin.duration(to: .now) / .seconds(1)
    elapsed += seconds
    processor += Stopwatch.processorSeconds - processorBegin
    return seconds
  }

  /// The share of the timed seconds in which each of so many threads had a processor; far below 1,
  /// the machine was busy with something else, or there was work for one thread only.
  package func processorShare(threads: Int) -> Double {
    elapsed > 0 ? processor / (elapsed * Double(threads)) : 1
  }

  /// Processor time of all threads of this process.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The pause after which threads that wait for more work have gone to sleep.
enum Pause {
  static func betweenProcesses() { Thread.sleep(forTimeInterval: 0.03) }
}
