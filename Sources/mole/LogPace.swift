/// When a log is due for its next line of progress.
///
/// Seconds apart at first; a long run's lines become rarer, so that its log stays short.
struct LogPace {
  private static let shortestPause = 5.0

  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?

  /// Whether a line is due now; the first and the last always are.
  mutating func isDue(isLast: Bool) -> Bool {
    let now = ContinuousClock.now
    let pause = max(Self.shortestPause, (now - start) / .seconds(1) / 20)
    guard isLast || last.map({ (now - $0) / .seconds(1) >= pause }) ?? true else { return false }
    last = now
    return true
  }
}
