import Evaluation
import Foundation

/// The progress of work in equal pieces, with rate and time left where there is a terminal.
final class ProgressLine {
  private let label: String
  private let start = ContinuousClock.now
  private let status = StatusLine(startsQuietly: true)

  init(label: String) {
    self.label = label
  }

  func show(_ done: Int, of total: Int) {
    guard total > 0 else { return }
    status.show(bar: bar(done, of: total), line: "\(done) of \(total) \(label)")
  }

  /// Leaves the bar's line.
  func finish() { status.finish() }

  private func bar(_ done: Int, of total: Int) -> String {
    let seconds = start.duration(to: .now) / .seconds(1)
    let rate = Double(done) / max(seconds, 1e-9)
    let left = Double(total - done) / max(rate, 1e-9)
    return ProgressText.bar(done, of: total)
      + String(format: " %d/%d %@, %.1f/s, %.0f s left", done, total, label, rate, left)
  }
}
