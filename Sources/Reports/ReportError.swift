package import Failures
internal import Files

/// What can go wrong between a run directory and its report.
package enum ReportError: ExplainedError, Equatable {
  /// The folder is no run directory, for want of this file.
  case missingFile(String, directory: String)
  /// A file is there and cannot be read.
  case unreadable(file: String, reason: String)
  /// The folder is no bundle.
  case noBundle(directory: String)
  /// `bundle.json` is not what a report writes.
  case badBundle(file: String, reason: String)
  /// `run.json` is not what a run writes.
  case badManifest(file: String, reason: String)
  /// `run.json` was written by another version.
  case otherSchema(String, file: String, expected: String)
  /// A line of the journal is not what a run writes.
  case badLine(Int, file: String, reason: String)
  /// A line of the journal is longer than any episode.
  case lineTooLong(Int, file: String, limit: Int)
  /// A table or a figure cannot be written.
  case cannotWrite(file: String, reason: String)
  /// A run is named twice.
  case sameName(String)
  /// A replay and a rollout that say nothing about each other.
  case unlikeRuns(String, String, RunDifference)
  /// Two rollouts whose successes cannot stand in one table.
  case incomparableRollouts(String, String, RunDifference)
  /// No row is called so, or several are; these are their names.
  case noSuchRow(String, rows: [String])
  /// A line of a file of published numbers is not as it should be.
  case badPublished(line: Int, file: String, reason: String)

  package var kind: FailureKind {
    switch self {
    case .missingFile, .unreadable, .noBundle: .missingInput
    case .badManifest, .badBundle, .otherSchema, .badLine, .lineTooLong, .badPublished:
      .badData
    case .cannotWrite: .cannotWrite
    case .sameName, .unlikeRuns, .incomparableRollouts, .noSuchRow: .usage
    }
  }

  package var description: String {
    switch self {
    case .missingFile(let name, let directory):
      "'\(directory)' has no file '\(name)' and so is no run directory; name a folder that"
        + " 'mole eval --out' wrote."
    case .noBundle(let directory):
      "'\(directory)' has no file '\(BundleManifest.fileName)' and so is no bundle; name a folder that"
        + " 'mole report --bundle' wrote."
    case .badBundle(let file, let reason):
      "'\(file)' is no manifest of a bundle (\(reason)); restore it, or bundle the runs again."
    case .unreadable(let file, let reason):
      "'\(file)' cannot be read (\(reason)); check that it is a file and that you may read it."
    case .badManifest(let file, let reason):
      "'\(file)' is no manifest of a run (\(reason)); restore it or run the evaluation again."
    case .otherSchema(let found, let file, let expected):
      "'\(file)' has the schema '\(found)', but this program reads '\(expected)'; use the version"
        + " that wrote the run."
    case .badLine(let line, let file, let reason):
      "Line \(line) of '\(file)' is no outcome of this run (\(reason)); expected the line that"
        + " 'mole eval' wrote, so restore the file or run the evaluation again."
    case .lineTooLong(let line, let file, let limit):
      "Line \(line) of '\(file)' is longer than \(limit) bytes, which no episode is; expected one"
        + " JSON object a line, so restore the file or run the evaluation again."
    case .cannotWrite(let file, let reason):
      "'\(file)' cannot be written (\(reason)); choose another folder with '--out'."
    case .sameName(let name):
      "The run '\(name)' is named twice and would be written into one folder twice; name each run"
        + " once."
    case .unlikeRuns(let replay, let rollout, let difference):
      "The replay '\(replay)' cannot be held against the rollout '\(rollout)', for"
        + " \(difference.reason); expected the same policies on the same tasks, so evaluate both alike"
        + " or report them one by one."
    case .incomparableRollouts(let first, let second, let difference):
      "The rollouts '\(first)' and '\(second)' cannot stand in one table, for"
        + " \(difference.reason); expected one suite under the same rules, so report those that are"
        + " alike together, each group with an '--out' of its own."
    case .noSuchRow(let asked, let rows):
      "'\(asked)' names no row to compare with; expected a policy, with ':' and a method where it has"
        + " several, out of \(rows.map { "'\($0)'" }.joined(separator: ", "))."
    case .badPublished(let line, let file, let reason):
      "Line \(line) of '\(file)' is no row of published numbers (\(reason)); expected the form that"
        + " Results/published/README.md describes."
    }
  }
}

extension ReportError {
  /// What is wrong with a file of a run directory.
  init(_ fault: FileFault, file: String) {
    self =
      switch fault {
      case .missing: .unreadable(file: file, reason: "there is no such file")
      case .unreadable(let reason): .unreadable(file: file, reason: reason)
      case .tooLarge(let byteCount, let limit):
        .badManifest(file: file, reason: "it has \(byteCount) bytes, more than \(limit)")
      case .cannotWrite(let reason): .cannotWrite(file: file, reason: reason)
      }
  }
}
