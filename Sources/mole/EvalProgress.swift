import Evaluation
import Foundation

/// Shows a run's progress on standard error.
final class ProgressDisplay {
  private let status = StatusLine()
  private var start: ContinuousClock.Instant?

  func show(_ progress: RunProgress) {
    let now = ContinuousClock.now
    // The first line took part of its time before the clock was started; count from there on.
    guard let start else {
      start = now
      return draw(ProgressText(progress, elapsed: 0), isLast: progress.isLast)
    }
    var counted = progress
    counted.resumedAt += 1
    draw(ProgressText(counted, elapsed: (now - start) / .seconds(1)), isLast: progress.isLast)
  }

  /// Writes a line of its own.
  func say(_ sentence: String) {
    finish()
    Console.say(sentence)
  }

  /// Leaves the bar's line.
  func finish() { status.finish() }

  private func draw(_ text: ProgressText, isLast: Bool) {
    status.show(bar: text.bar, line: text.line, isLast: isLast)
  }
}

extension RunProgress {
  fileprivate var isLast: Bool { completed == total }
}
