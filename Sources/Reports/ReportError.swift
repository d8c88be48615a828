package import Failures
internal import Files

/// What can go wrong between a run directory and its report.
package enum ReportError: ExplainedError, Equatable {
  /// The folder is no run directory, for want of this file.
  case missingFile(String, directory: String)
  /// A file is there and cannot be read.
  case unreadable(file: String, reason: String)
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
  /// Two runs would be reported into one folder.
  case sameName(String)
  /// A replay and a rollout that say nothing about each other.
  case unlikeRuns(String, String, RunDifference)

  package var kind: FailureKind {
    switch self {
    case .missingFile, .unreadable: .missingInput
    case .badManifest, .otherSchema, .badLine, .lineTooLong: .badData
    case .cannotWrite: .cannotWrite
    case .sameName, .unlikeRuns: .usage
    }
  }

  package var description: String {
    switch self {
    case .missingFile(let name, let directory):
      "'\(directory)' has no file '\(name)' and so is no run directory; name a folder that"
        + " 'mole eval --out' wrote."
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
      "Two runs are both called '\(name)' and would be written into one folder; report them one"
        + " by one with an '--out' each."
    case .unlikeRuns(let replay, let rollout, let difference):
      "The replay '\(replay)' cannot be held against the rollout '\(rollout)', for"
        + " \(difference.reason); expected the same policies on the same tasks, so evaluate both alike"
        + " or report them one by one."
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
