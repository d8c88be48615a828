import Foundation

/// A progress bar with rate and time left on a terminal; nothing elsewhere.
final class ProgressLine {
  private let label: String
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(label: String) {
    self.label = label
  }

  func show(_ done: Int, of total: Int) {
    guard isTerminal, total > 0 else { return }
    let seconds = start.duration(to: .now) / .seconds(1)
    let rate = Double(done) / max(seconds, 1e-9)
    let left = Double(total - done) / max(rate, 1e-9)
    let width = 30
    let filled = width * done / total
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    let text = String(
      format: "\r[%@] %d/%d %@, %.1f/s, %.0f s left ", bar, done, total, label, rate, left)
    FileHandle.standardError.write(Data(text.utf8))
  }

  func finish() {
    guard isTerminal else { return }
    FileHandle.standardError.write(Data("\n".utf8))
  }
}
