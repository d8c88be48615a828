import Foundation
import Outcomes
import Testing

extension Workplace {
  /// The tasks of this very checkout.
  static let tasks = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Tasks").path

  /// A rollout of scripts, which need no checkpoint: eight lines.
  static let rollout = [
    "eval", "--mode", "rollout", "--tasks-dir", tasks, "--tasks", "close_box", "--methods",
    "oracle,home", "--episodes", "4", "--seed", "5",
  ]
  static let lineCount = 8

  /// Starts that rollout in `run`, or goes on with it where it was started.
  static func goingOn(in place: Workplace) -> [String] {
    place.exists("run/run.json")
      ? ["eval", "--resume", "run", "--tasks-dir", tasks] : rollout + ["--out", "run"]
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }

  /// The lines of a journal that may be written just now.
  func wholeLines(_ run: String) -> Int {
    let journal = (try? Data(contentsOf: file(run, RunFile.journal))) ?? Data()
    return OutcomeCoding.completeLines(ofJournal: journal).count
  }

  /// Starts the program and sends it a signal as soon as something is so, unless it has ended.
  ///
  /// - Returns: Its exit code, or the signal that ended it.
  @discardableResult
  func stop(
    _ arguments: [String], by signal: Int32, when condition: () -> Bool
  ) throws -> Int32 {
    let process = try Program.start(arguments, in: folder)
    wait(for: process, until: condition)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }

  func wait(for process: Process, until condition: () -> Bool) {
    while process.isRunning, !condition() { usleep(1000) }
  }
}
