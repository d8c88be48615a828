import Foundation
import Outcomes
import Testing

@Suite("A run survives", .timeLimit(.minutes(10)))
struct SurvivalTests {
  /// Calls `body` with the lines of the rollout that nothing disturbed.
  private func withWholeRun(_ body: (Workplace, [EpisodeOutcome]) throws -> Void) throws {
    try withWorkplace { place in
      try place.expectFine(Workplace.rollout + ["--out", "whole"])
      let lines = try place.timelessLines("whole")
      try #require(lines.count == Workplace.lineCount)
      try body(place, lines)
    }
  }

  @Test("kill -9, again and again: no line is lost, none is there twice")
  func killed() throws {
    try withWholeRun { place, whole in
      try place.stop(Workplace.rollout + ["--out", "run"], by: SIGKILL) {
        place.exists("run/.lock")
      }
      for count in [0, 1, 2, 5, 7] {
        let code = try place.stop(Workplace.goingOn(in: place), by: SIGKILL) {
          place.exists("run/run.json") && place.wholeLines("run") >= count
        }
        #expect(code == SIGKILL)
        #expect(try place.timelessLines("run") == Array(whole.prefix(place.wholeLines("run"))))
      }
      #expect(try place.manifest("run").status == .running)
      try place.expectFine(Workplace.goingOn(in: place))
      #expect(try place.timelessLines("run") == whole)
      #expect(try place.manifest("run").status == .complete)
    }
  }

  @Test("kill -9 while run.json is written, at the start and at the end")
  func killedAtTheManifest() throws {
    try withWholeRun { place, whole in
      let partial = place.url("run/run.json.partial").path
      // Nobody reads the pipe, so that the program waits in the midst of writing.
      try FileManager.default.createDirectory(
        at: place.url("run"), withIntermediateDirectories: true)
      #expect(mkfifo(partial, 0o600) == 0)
      try place.stop(Workplace.rollout + ["--out", "run"], by: SIGKILL) {
        place.exists("run/plan.yaml")
      }
      #expect(!place.exists("run/run.json"))
      #expect(unlink(partial) == 0)
      try place.write("{\"schema_version\" : \"mole-r", to: "run/run.json.partial")
      let refused = try place.run(["eval", "--resume", "run"])
      #expect(refused.exitCode == 66 && refused.messages.contains("no run directory"))

      try place.stop(Workplace.rollout + ["--out", "run"], by: SIGKILL) {
        if place.exists("run/run.json"), !place.exists("run/run.json.partial") {
          #expect(mkfifo(partial, 0o600) == 0)
        }
        return place.wholeLines("run") == Workplace.lineCount
      }
      #expect(try place.manifest("run").status == .running)
      #expect(try place.timelessLines("run") == whole)
      #expect(unlink(partial) == 0)
      try place.expectFine(Workplace.goingOn(in: place))
      #expect(try place.manifest("run").status == .complete)
      #expect(try place.timelessLines("run") == whole)
    }
  }

  @Test("a second process on its folder, which is told who is there; Ctrl-C, which ends with 130")
  func locked() throws {
    try withWholeRun { place, whole in
      let first = try Program.start(Workplace.rollout + ["--out", "run"], in: place.folder)
      place.wait(for: first) { place.wholeLines("run") >= 1 }
      kill(first.processIdentifier, SIGSTOP)
      for arguments in [Workplace.rollout + ["--out", "run"], Workplace.goingOn(in: place)] {
        let second = try place.run(arguments)
        #expect(second.exitCode == 64)
        #expect(
          second.messages.contains("is in use by process \(first.processIdentifier) on "),
          "\(second.messages)")
      }
      kill(first.processIdentifier, SIGINT)
      kill(first.processIdentifier, SIGCONT)
      first.waitUntilExit()
      #expect(first.terminationStatus == 130)
      let journal = try Data(contentsOf: place.file("run", RunFile.journal))
      #expect(journal.last == UInt8(ascii: "\n"))
      #expect(try place.timelessLines("run") == Array(whole.prefix(place.wholeLines("run"))))
      try place.expectFine(Workplace.goingOn(in: place))
      #expect(try place.timelessLines("run") == whole)
    }
  }

  @Test("a checkpoint that changes while it is read is told at the end, and the run never goes on")
  func changed() throws {
    try withWorkplace { place in
      try place.writeDemonstrations(seed: 1, keyframes: 12)
      try FileManager.default.copyItem(
        at: URL(fileURLWithPath: place.checkpoint), to: place.url("policy"))
      let arguments = place.usual + ["--checkpoint", "policy", "--out"]
      let statistics = try Data(contentsOf: place.url("policy/dataset_statistics.json"))
      /// Runs into `run`, and lets `change` happen when a line is written.
      func run(_ run: String, _ change: () throws -> Void) throws -> Int32 {
        let process = try Program.start(arguments + [run], in: place.folder)
        place.wait(for: process) { place.wholeLines(run) >= 1 }
        kill(process.processIdentifier, SIGSTOP)
        try change()
        kill(process.processIdentifier, SIGCONT)
        process.waitUntilExit()
        return process.terminationStatus
      }
      // Written anew with what was in it: nothing has changed.
      let touched = try run("touched") {
        try statistics.write(to: place.url("policy/dataset_statistics.json"))
      }
      #expect(touched == 0)
      let code = try run("run") {
        try (statistics + Data(" ".utf8)).write(to: place.url("policy/dataset_statistics.json"))
      }
      #expect(code == 65)
      #expect(try place.manifest("run").changedWhileRunning == ["dataset_statistics.json"])
      #expect(place.wholeLines("run") == 9)
      let report = try place.run(["report", "run", "--out", "report"])
      #expect(report.exitCode == 0 && report.messages.contains("'run' cannot be trusted"))
      // Restoring the file does not make the lines trustworthy.
      try statistics.write(to: place.url("policy/dataset_statistics.json"))
      for arguments in [["eval", "--resume", "run"], ["eval", "verify", "run"]] {
        let resumed = try place.run(arguments)
        #expect(resumed.exitCode == 65)
        #expect(resumed.messages.contains("'dataset_statistics.json' changed while"))
      }
    }
  }
}
