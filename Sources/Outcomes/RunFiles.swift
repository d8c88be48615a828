package import Foundation

/// The names of the files in a run directory.
package enum RunFile {
  /// What was asked and what it ran on: `RunManifest`.
  package static let manifest = "run.json"
  /// The journal: one `EpisodeOutcome` a line, in the order of the run.
  package static let journal = "episodes.jsonl"
  /// The resolved plan.
  package static let plan = "plan.yaml"
  /// Recomputed from the journal.
  package static let summary = "summary.json"
}

/// How outcomes become text and back: keys sorted, so that equal values give equal bytes.
package enum OutcomeCoding {
  /// One line without its newline.
  package static func line(_ outcome: EpisodeOutcome) throws -> Data {
    try encoder().encode(outcome)
  }

  /// One line of a journal.
  package static func outcome(line: some DataProtocol) throws -> EpisodeOutcome {
    try JSONDecoder().decode(EpisodeOutcome.self, from: Data(line))
  }

  /// The manifest as indented text that ends in a newline.
  package static func document(_ manifest: RunManifest) throws -> Data {
    let encoder = encoder()
    encoder.outputFormatting.insert(.prettyPrinted)
    return try encoder.encode(manifest) + Data("\n".utf8)
  }

  package static func manifest(document: Data) throws -> RunManifest {
    try JSONDecoder().decode(RunManifest.self, from: document)
  }

  /// The journal's whole lines, without newlines; a torn last line is left out.
  package static func completeLines(ofJournal journal: Data) -> [Data] {
    var lines = journal.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last newline: nothing, or what a crash left of a line.
    _ = lines.popLast()
    return lines.map { Data($0) }
  }

  private static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
