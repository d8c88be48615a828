import Foundation
import Manipulation
import Outcomes
import TensorMath
import Testing

@Suite("mole eval --mode rollout")
struct RolloutCommandTests {
  /// The tasks of this very checkout.
  private static let tasks = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Tasks").path

  private func flags(_ more: String...) -> [String] {
    [
      "eval", "--mode", "rollout", "--tasks-dir", RolloutCommandTests.tasks, "--tasks",
      "close_box,phone_on_base", "--methods", "oracle,home", "--episodes", "2", "--seed", "5",
    ] + more
  }

  @Test(
    "the oracle solves real tasks and home none, and an interrupted run goes on to the same lines",
    .timeLimit(.minutes(10)))
  func scripted() throws {
    try withWorkplace { place in
      let result = try place.run(flags("--out", "run", "--format", "csv"))
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output.hasPrefix("method,"))
      let lines = try place.timelessLines("run")
      #expect(lines.count == 8)
      #expect(lines.allSatisfy { $0.successOnce == ($0.method == "oracle") })
      #expect(lines.allSatisfy { $0.failure == nil && $0.mode == .rollout })
      let manifest = try place.manifest("run")
      #expect(manifest.plan.suite == "all12" && manifest.checkpointFiles.isEmpty)
      #expect(manifest.tasks.map(\.name) == ["close_box", "phone_on_base"])
      #expect(manifest.taskFiles?.contains { $0.path == "close_box/task.yaml" } == true)

      try place.cut("run", afterLines: 5, andBytes: 100)
      let resumed = try place.run(
        ["eval", "--resume", "run", "--tasks-dir", RolloutCommandTests.tasks])
      #expect(resumed.exitCode == 0, "\(resumed.messages)")
      #expect(try place.timelessLines("run") == lines)

      let batched = try place.run(flags("--out", "batched", "--batch", "3"))
      #expect(batched.exitCode == 0, "\(batched.messages)")
      #expect(try place.timelessLines("batched") == lines)
      #expect(try place.manifest("batched").plan.batch == 3)
    }
  }

  @Test("what is kept of a rollout replays in open loop", .timeLimit(.minutes(10)))
  func kept() throws {
    try withWorkplace { place in
      try place.expectFine(
        flags(
          "--out", "run", "--image-size", "32", "--strips", "strips", "--animate", "moving",
          "--record", "record", "--perturb", "lighting,instruction"))
      let files = FileManager.default
      #expect(files.fileExists(atPath: place.folder + "/strips/oracle/close_box_001.png"))
      #expect(files.fileExists(atPath: place.folder + "/moving/home/phone_on_base_000.png"))
      try place.expectFine([
        "eval", "--demos", "record/oracle/close_box.hdf5", "--methods", "oracle,home",
        "--open-loop", "--perturb", "lighting,instruction", "--tasks-dir",
        RolloutCommandTests.tasks, "--out", "replay",
      ])
      let lines = try place.timelessLines("replay")
      #expect(lines.count == 4)
      #expect(lines.allSatisfy { $0.openLoop?.successOnce == ($0.method == "oracle") })
      #expect(lines.allSatisfy { $0.successOnce == nil && $0.mode == .replay })
      #expect(try place.manifest("replay").taskFiles?.isEmpty == false)
    }
  }

  @Test("a network acts on what the world renders, and is calibrated on demonstrations")
  func network() throws {
    try withWorkplace { place in
      let usual = flags(
        "--out", "run", "--checkpoint", place.checkpoint, "--unnorm-key", "synthetic",
        "--tasks", "close_box", "--episodes", "1", "--methods", "dense,static:1,oracle",
        "--image-size", "32", "--threads", "1")
      let refused = try place.run(usual)
      #expect(refused.exitCode == 64, "\(refused.messages)")
      #expect(refused.messages.contains("'static:1' must be calibrated on demonstrations"))
      #expect(!FileManager.default.fileExists(atPath: place.folder + "/run"))
      try place.expectFine(usual + ["--calibration-demos", "close_jar.hdf5"])
      let lines = try place.timelessLines("run")
      try place.expectFine(
        usual.map { $0 == "run" ? "batched" : $0 }
          + ["--calibration-demos", "close_jar.hdf5", "--episodes", "3", "--batch", "3"])
      // Elsewhere the last digits of an answer depend on what is asked beside it.
      if Precision.float32.ignoresOtherTokens {
        #expect(try place.timelessLines("batched").prefix(3) == lines[...])
      }
      #expect(lines.map(\.method) == ["dense", "static:1", "oracle"])
      #expect(lines.map { $0.queries.isEmpty } == [false, false, false])
      #expect(lines[1].queries[0].layers.shares.reduce(0, +) == 1)
      #expect(lines[2].queries[0].layers.layerCount == 0)
      #expect(try place.manifest("run").demonstrations.map(\.path) == ["close_jar.hdf5"])
    }
  }

  @Test(
    "what cannot be rolled out ends in its exit code and one sentence, and leaves nothing",
    arguments: [
      (["--tasks", "fly"], "'fly'"), (["--suite", "none"], "'none'"),
      (["--perturb", "fog"], "--perturb"), (["--instruction", "loud"], "--instruction"),
      (["--budget", "0"], "'budget'"), (["--methods", "dense"], "'checkpoint'"),
      (["--mode", "replay", "--demos", "close_jar.hdf5", "--strips", "x"], "'--strips'"),
    ])
  func errors(arguments: [String], phrase: String) throws {
    try withWorkplace { place in
      let result = try place.run(flags("--out", "run") + arguments)
      #expect(result.exitCode == 64, "\(result.messages)")
      #expect(result.messages.contains(phrase), "\(result.messages)")
      #expect(!FileManager.default.fileExists(atPath: place.folder + "/run"))
    }
  }
}
