import Foundation

/// How far some work has come, on standard error: one line that is overwritten on a terminal, and a
/// line now and then elsewhere.
final class StatusLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var pace = LogPace()
  private var barIsShown = false

  /// - Parameter startsQuietly: Whether work that takes but a moment has no line in a log.
  init(startsQuietly: Bool = false) {
    if startsQuietly { _ = pace.isDue(isLast: false) }
  }

  /// - Parameters:
  ///   - bar: For a terminal.
  ///   - line: For a log.
  ///   - isLast: Whether the log gets its line in any case.
  func show(
    bar: @autoclosure () -> String, line: @autoclosure () -> String, isLast: Bool = false
  ) {
    if isTerminal {
      FileHandle.standardError.write(Data("\r\u{1B}[K\(bar())".utf8))
      barIsShown = true
    } else if pace.isDue(isLast: isLast) {
      Console.say(line())
    }
  }

  /// Leaves the bar's line.
  func finish() {
    if barIsShown { Console.say("") }
    barIsShown = false
  }
}
