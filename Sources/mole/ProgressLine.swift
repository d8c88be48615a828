import Foundation

/// Progress on standard error: a bar with rate and time left on a terminal; elsewhere a line now
/// and then where the work takes long.
final class ProgressLine {
  private let label: String
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var pace = LogPace()
  private var barIsShown = false

  init(label: String) {
    self.label = label
    // What takes a moment needs no line.
    _ = pace.isDue(isLast: false)
  }

  func show(_ done: Int, of total: Int) {
    guard total > 0 else { return }
    if isTerminal {
      FileHandle.standardError.write(Data("\r\u{1B}[K\(bar(done, of: total))".utf8))
      barIsShown = true
    } else if pace.isDue(isLast: false) {
      Console.say("\(done) of \(total) \(label)")
    }
  }

  /// Leaves the bar's line.
  func finish() {
    if barIsShown { Console.say("") }
    barIsShown = false
  }

  private func bar(_ done: Int, of total: Int) -> String {
    let seconds = start.duration(to: .now) / .seconds(1)
    let rate = Double(done) / max(seconds, 1e-9)
    let left = Double(total - done) / max(rate, 1e-9)
    let width = 24
    let filled = width * min(done, total) / total
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    return String(format: "[%@] %d/%d %@, %.1f/s, %.0f s left", bar, done, total, label, rate, left)
  }
}
