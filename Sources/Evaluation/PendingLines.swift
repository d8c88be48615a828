/// Lines that are done before their turn, and how far it still makes sense to go.
///
/// The journal is written in the schedule's order, so a line that is done waits for those before it,
/// and what comes after a line that failed is not wanted any more.
struct PendingLines {
  /// The first line that is not written.
  private(set) var next: Int
  /// Lines from here on are not wanted: the end of what was asked for, a failure, or a stop.
  private(set) var end: Int
  /// Why the line at `end` cannot be written.
  private(set) var failure: (any Error)?
  private var begun: Set<Int> = []
  private var finished: [Int: FinishedEpisode] = [:]

  init(_ lines: Range<Int>) {
    (next, end) = (lines.lowerBound, lines.upperBound)
  }

  func isWanted(_ line: Int) -> Bool { line < end }

  mutating func begin(_ line: Int) { begun.insert(line) }

  /// Takes note of what came of a line that is wanted.
  mutating func finish(_ line: Int, _ result: Result<FinishedEpisode, any Error>) {
    switch result {
    case .success(let episode): finished[line] = episode
    case .failure(let error): (end, failure) = (line, error)
    }
  }

  /// Begins nothing more: what is wanted now are the lines before the first that is not begun.
  mutating func stop() {
    guard let first = (next..<end).first(where: { !begun.contains($0) }) else { return }
    (end, failure) = (first, nil)
  }

  /// The line whose turn it is, where it is done; it counts as written.
  mutating func takeNext() -> FinishedEpisode? {
    guard isWanted(next), let episode = finished.removeValue(forKey: next) else { return nil }
    next += 1
    return episode
  }
}
