import Foundation
import Outcomes
import TensorMath
import Testing

@Suite("mole eval")
struct EvalCommandTests {
  @Test("a whole run prints the table on standard output and leaves a complete directory")
  func wholeRun() throws {
    try withWorkplace { place in
      let result = try place.eval(["--out", "run", "--format", "csv"])
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output.hasPrefix("method,"))
      let manifest = try place.manifest("run")
      #expect(manifest.status == .complete)
      #expect(manifest.methods.map(\.name) == ["dense", "early-exit", "mole"])
      #expect(manifest.plan.seed == 3)
      #expect(manifest.demonstrations[0].sha256.count == 64)
      #expect(try place.timelessLines("run").count == 9)
    }
  }

  @Test(
    "a run stopped by a signal goes on to the same lines", .timeLimit(.minutes(10)),
    arguments: [(2, 130), (15, 130), (9, 9)] as [(Int32, Int32)])
  func interrupted(signal: Int32, status: Int32) throws {
    try withWorkplace { place in
      try place.writeDemonstrations(seed: 1, keyframes: 12)
      let process = try Program.start(place.usual + ["--out", "run"], in: place.folder)
      // SIGINT, SIGTERM and SIGKILL, in the midst of it: some lines are written, others are not.
      while try place.timelessLines("run").count < 2 { usleep(2000) }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationStatus == status)
      #expect(try (2..<9).contains(place.timelessLines("run").count))
      let resumed = try place.run(["eval", "--resume", "run"])
      #expect(resumed.exitCode == 0, "\(resumed.messages)")
      #expect(try place.eval(["--out", "whole"]).exitCode == 0)
      #expect(try place.timelessLines("run") == place.timelessLines("whole"))
    }
  }

  @Test("a journal torn in the midst of a line goes on to the same lines")
  func torn() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "whole"]).exitCode == 0)
      #expect(try place.eval(["--out", "torn"]).exitCode == 0)
      try place.cut("torn", afterLines: 5, andBytes: 100)
      let resumed = try place.run(["eval", "--resume", "torn"])
      #expect(resumed.exitCode == 0, "\(resumed.messages)")
      #expect(try place.timelessLines("torn") == place.timelessLines("whole"))
    }
  }

  @Test(
    "a network's lines do not depend on the batch",
    .enabled(if: Precision.float32.ignoresOtherTokens), arguments: ["2", "3", "8"])
  func batched(batch: String) throws {
    try withWorkplace { place in
      let methods = ["--methods", "dense,mole,early-exit,random:1,truncate:1,oracle"]
      #expect(try place.eval(["--out", "one"] + methods).exitCode == 0)
      let result = try place.eval(["--out", "many", "--batch", batch] + methods)
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(try place.timelessLines("many") == place.timelessLines("one"))
    }
  }

  @Test("merged shards equal the whole run")
  func shards() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "whole"]).exitCode == 0)
      for shard in ["1", "2"] {
        #expect(try place.eval(["--out", shard, "--shard", "\(shard)/2"]).exitCode == 0)
      }
      let merged = try place.run(["eval", "merge", "2", "1", "--out", "merged"])
      #expect(merged.exitCode == 0, "\(merged.messages)")
      #expect(try place.timelessLines("merged") == place.timelessLines("whole"))
    }
  }

  @Test("a changed demonstration is not resumed, and the file is named")
  func changedInput() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "run"]).exitCode == 0)
      try place.cut("run", afterLines: 2, andBytes: 0)
      try place.writeDemonstrations(seed: 2)
      let resumed = try place.run(["eval", "--resume", "run"])
      #expect(resumed.exitCode == 65)
      #expect(resumed.messages.contains("'close_jar.hdf5' has changed"))
    }
  }

  @Test(
    "what cannot be done ends in its exit code and one sentence, and leaves nothing",
    arguments: [
      (["--out", "/proc/no/run"], 73, "cannot be written"),
      (["--out", "run", "--demos", "none.hdf5"], 66, "'none.hdf5' cannot be read"),
      (["--out", "run", "--checkpoint", "none"], 66, "'none' cannot be read"),
      (["--out", "run", "--keep", "0"], 64, "The plan's 'keep' is 0.0"),
      (["--out", "run", "--methods", "dream"], 64, "'dream'"),
      (["--out", "run", "--methods", "dense,dense"], 64, "asked for twice"),
      (["--out", "run", "--shard", "4/3"], 64, "--shard"),
      (["--out", "run", "--batch", "0"], 64, "The plan's 'batch' is 0"),
      (["--out", "run", "--camera", "back"], 66, "no camera 'back'"),
      (["--out", "run", "--split", "valid"], 64, "'valid'"),
      (["--out", "run", "--plan", "plan.yaml"], 64, "unknown key 'episode' in line 2"),
      (["--resume", "none"], 66, "no run directory"),
      ([], 64, "'--out'"),
    ])
  func errors(arguments: [String], exitCode: Int32, message: String) throws {
    try withWorkplace { place in
      try Data("seed: 1\nepisode: 2\n".utf8)
        .write(to: URL(fileURLWithPath: place.folder + "/plan.yaml"))
      let before = try FileManager.default.contentsOfDirectory(atPath: place.folder).sorted()
      let result = try place.eval(arguments)
      #expect(result.exitCode == exitCode)
      #expect(result.messages.contains(message), "\(result.messages)")
      #expect(result.output.isEmpty)
      let after = try FileManager.default.contentsOfDirectory(atPath: place.folder).sorted()
      #expect(after == before)
    }
  }
}
