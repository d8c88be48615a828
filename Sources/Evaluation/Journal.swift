import Foundation
package import Manipulation
package import Outcomes

/// The file `episodes.jsonl`: one line an episode, appended whole and flushed to disk.
///
/// Whoever holds the run directory's lock may open it. A line that a crash tore is dropped when
/// the journal is opened, so what it holds is always a beginning of the run.
package struct Journal: ~Copyable {
  package let path: String
  /// What the journal held when it was opened.
  package let outcomes: [JournaledEpisode]
  private let file: Descriptor

  /// Opens a journal, made empty if there is none.
  ///
  /// - Throws: `damagedJournal` when a whole line is no outcome; `cannotWrite`.
  package init(opening path: String) throws {
    let file = try Descriptor(opening: path, O_RDWR | O_CREAT | O_APPEND)
    guard let length = file.regularLength else {
      throw EvaluationError.cannotWrite(path: path, reason: "it is no regular file")
    }
    let lines = OutcomeCoding.completeLines(ofJournal: try file.readAll())
    let outcomes = try JournaledEpisode.list(lines, path: path)
    let wholeLength = lines.reduce(0) { $0 + $1.count + 1 }
    if wholeLength < length { try file.truncate(to: wholeLength) }
    self.path = path
    self.outcomes = outcomes
    self.file = file
  }

  /// Appends one line and waits until it is on the disk.
  ///
  /// - Throws: `cannotWrite`, as when the disk is full; the journal is then as it was before.
  package func append(_ outcome: EpisodeOutcome) throws {
    let line = try OutcomeCoding.line(outcome) + Data("\n".utf8)
    let length = file.regularLength ?? 0
    do {
      try file.write(line)
      try file.flush()
    } catch {
      try? file.truncate(to: length)
      throw error
    }
  }
}

/// What a line of the journal says of the episode it is about.
package struct JournaledEpisode: Hashable, Sendable {
  package var method: String
  package var episode: EpisodeIdentity
  package var seed: UInt64

  init(_ outcome: EpisodeOutcome) {
    (method, episode, seed) = (outcome.method, outcome.episode, outcome.seed)
  }

  /// Reads the lines of a journal, each of which must be a whole outcome.
  static func list(_ lines: [Data], path: String) throws -> [JournaledEpisode] {
    try lines.enumerated().map { index, line in
      do {
        return JournaledEpisode(try OutcomeCoding.outcome(line: line))
      } catch {
        throw EvaluationError.damagedJournal(
          path: path, line: index + 1, problem: "it is no outcome of an episode")
      }
    }
  }
}
