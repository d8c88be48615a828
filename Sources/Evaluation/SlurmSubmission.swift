import Foundation
import Outcomes

/// Hands a run to Slurm.
package struct SlurmSubmission {
  private let array: SlurmArray

  package init(_ array: SlurmArray) {
    self.array = array
  }

  /// Writes the scripts and submits both jobs.
  ///
  /// Sent again, the jobs go on with shards that are not complete and merge what is.
  ///
  /// - Returns: The numbers of the array job and of the job that merges.
  /// - Throws: `directoryHoldsRun` where the run is there already and no merged one;
  ///   `cannotSubmit`, `cannotWrite`.
  package func submit() throws -> (array: String, merge: String) {
    try checkRun()
    try write()
    let job = try send(array.shardCommand)
    do {
      return (job, try send(array.mergeCommand(after: job)))
    } catch EvaluationError.cannotSubmit(let reason) {
      throw EvaluationError.cannotSubmit(
        reason:
          "the array is job \(job), but its merging was not taken: \(reason); when it is done,"
          + " run \(ShellText.command(["bash", array.mergeScript]))")
    }
  }

  private func checkRun() throws {
    guard FileManager.default.fileExists(atPath: "\(array.out)/\(RunFile.manifest)") else { return }
    guard try HeldDirectory.manifest(at: array.out).mergedFrom != nil else {
      throw EvaluationError.directoryHoldsRun(path: array.out)
    }
  }

  private func write() throws {
    for folder in [array.logs, array.shards] {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw EvaluationError.cannotWrite(path: folder, reason: systemReason())
      }
    }
    for (path, text) in [
      (array.shardScript, array.shardText), (array.mergeScript, array.mergeText),
    ] {
      // Another submission's shards would not fit.
      let there = FileManager.default.contents(atPath: path).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard there == nil || there == text else {
        throw EvaluationError.otherSubmission(folder: array.folder)
      }
      try WholeFile.write(Data(text.utf8), to: path)
    }
  }

  /// Runs `sbatch`.
  ///
  /// - Returns: The job's number.
  private func send(_ command: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    // One pipe for both: whatever is written, it is read to the end before the process is waited for.
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    do {
      try process.run()
    } catch {
      throw EvaluationError.cannotSubmit(reason: "'sbatch' cannot be started")
    }
    let said = String(
      decoding: (try? pipe.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let lines = said.split(whereSeparator: \.isNewline)
    // With '--parsable' the last line is the number, and behind a semicolon the cluster's name.
    let number = lines.last?.prefix { $0 != ";" } ?? ""
    guard process.terminationStatus == 0, !number.isEmpty, number.allSatisfy(\.isNumber) else {
      let reason = lines.joined(separator: " ")
      throw EvaluationError.cannotSubmit(reason: reason.isEmpty ? "'sbatch' failed" : reason)
    }
    return String(number)
  }
}
