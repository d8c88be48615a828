import Evaluation
import Foundation

/// Shows a run's progress on standard error: a bar on a terminal, a line now and then elsewhere.
final class ProgressDisplay {
  private let onTerminal = isatty(STDERR_FILENO) == 1
  private var start: ContinuousClock.Instant?
  private var pace = LogPace()
  private var barIsShown = false

  func show(_ progress: RunProgress) {
    let now = ContinuousClock.now
    // The first line took part of its time before the clock was started; count from there on.
    guard let start else {
      start = now
      return draw(ProgressText(progress, elapsed: 0), isLast: progress.isLast)
    }
    var counted = progress
    counted.resumedAt += 1
    let text = ProgressText(counted, elapsed: (now - start) / .seconds(1))
    draw(text, isLast: progress.isLast)
  }

  /// Writes a line of its own.
  func say(_ sentence: String) {
    finish()
    write(sentence + "\n")
  }

  /// Leaves the bar's line.
  func finish() {
    if barIsShown { write("\n") }
    barIsShown = false
  }

  private func draw(_ text: ProgressText, isLast: Bool) {
    if onTerminal {
      write("\r\u{1B}[K" + text.bar)
      barIsShown = true
    } else if pace.isDue(isLast: isLast) {
      write(text.line + "\n")
    }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

extension RunProgress {
  fileprivate var isLast: Bool { completed == total }
}
