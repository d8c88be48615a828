/// How a run's progress reads, for a terminal and for a log.
package struct ProgressText: Equatable, Sendable {
  private let progress: RunProgress
  /// Seconds since this process took up the run.
  private let elapsed: Double

  package init(_ progress: RunProgress, elapsed: Double) {
    self.progress = progress
    self.elapsed = elapsed
  }

  /// A bar for one line of a terminal that is overwritten.
  package var bar: String {
    ProgressText.bar(progress.completed, of: progress.total) + " " + line
  }

  /// The bar alone; full where there is nothing to do.
  package static func bar(_ done: Int, of total: Int) -> String {
    let width = 24
    let filled = total > 0 ? width * min(done, total) / total : width
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: "-", count: width - filled) + "]"
  }

  /// A line of a log.
  package var line: String {
    let counts = "\(progress.completed)/\(progress.total) episodes"
    return "\(counts)\(speed): \(progress.method) on \(progress.task)"
  }

  /// Lines that this process wrote; those of an earlier one say nothing of its speed.
  private var written: Int { progress.completed - progress.resumedAt }

  /// Rate and time left; nothing as long as there is nothing to tell them from.
  private var speed: String {
    written > 0 && elapsed > 0 ? ", \(rate), \(timeLeft) left" : ""
  }

  private var rate: String {
    let perSecond = Double(written) / elapsed
    return perSecond >= 1
      ? "\(oneDecimal(perSecond)) per second" : "\(oneDecimal(perSecond * 60)) per minute"
  }

  private var timeLeft: String {
    ProgressText.clock(elapsed / Double(written) * Double(progress.total - progress.completed))
  }

  /// Seconds as minutes and seconds, with hours where there are some.
  package static func clock(_ seconds: Double) -> String {
    guard seconds < 360_000 else { return "days" }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let clock = "\(two(minutes)):\(two(whole % 60))"
    return hours > 0 ? "\(hours):\(clock)" : clock
  }

  private func oneDecimal(_ value: Double) -> String {
    guard value < 1e9 else { return "many" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
