import ArgumentParser
import Evaluation
import Foundation
import Outcomes
import Reports

/// `mole report --bundle` and `--check`: reports that are made by the program's own command, now and
/// later.
enum ReportBundling {
  static func write(
    _ runs: [RunDirectory], against: [String], to path: String, format: TableFormat
  ) throws {
    try ReportBundle.write(runs, against: against, commit: commit, to: path) {
      try makeReport(of: $0, against: $1, into: $2, format: format)
    }
    Console.say("Wrote the bundle '\(path)'; 'mole report --check \(path)' recomputes its tables.")
  }

  /// - Throws: `ExitCode(1)` where a digit is not what follows from the runs.
  static func check(_ path: String, format: TableFormat) throws {
    let bundle = try ReportBundle(opening: URL(filePath: path))
    let findings = try BundleCheck.findings(in: bundle) {
      try makeReport(of: $0, against: $1, into: $2, format: nil)
    }
    guard !findings.isEmpty else {
      return Console.say(
        "The bundle '\(path)' is whole: \(bundle.manifest.files.count) files, and every digit of its"
          + " tables follows from its runs.")
    }
    print(
      BundleFinding.table(findings).rendered(as: format, width: Console.width), terminator: "")
    if let made = bundle.manifest.commit, let commit, made != commit {
      Console.say("The bundle was made by the program's version \(made); this is \(commit).")
    }
    Console.say("The bundle '\(path)' is not what it was.")
    throw ExitCode(1)
  }

  private static var commit: String? {
    RunEnvironment.current(threads: 1, libraries: [:]).commit
  }

  /// Runs `mole report`, whose messages are shown only when it fails.
  ///
  /// - Parameter format: How its tables are printed; `nil` not at all.
  private static func makeReport(
    of runs: [URL], against: [String], into folder: URL, format: TableFormat?
  ) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    var arguments = ["report"] + runs.map(\.path) + ["--out", folder.path]
    // One word each, so that no name of a policy is taken for an option.
    arguments += against.map { "--against=\($0)" }
    arguments += ["--format", (format ?? .csv).rawValue]
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    if format == nil { process.standardOutput = FileHandle.nullDevice }
    let messages = Pipe()
    process.standardError = messages
    try process.run()
    let said = (try? messages.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let last = String(decoding: said, as: UTF8.self).split(whereSeparator: \.isNewline).last
      Console.say(last.map(String.init) ?? "mole: The report cannot be made.")
      throw ExitCode(process.terminationStatus)
    }
  }
}
