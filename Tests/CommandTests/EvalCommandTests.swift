import Demonstrations
import Foundation
import Manipulation
import Outcomes
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
    "a run stopped by a signal goes on to the same lines", .timeLimit(.minutes(2)),
    arguments: [(2, 130), (15, 130), (9, 9)] as [(Int32, Int32)])
  func interrupted(signal: Int32, status: Int32) throws {
    try withWorkplace { place in
      try place.writeDemonstrations(seed: 1, keyframes: 30)
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
      (["--out", "run", "--camera", "back"], 66, "no camera 'back'"),
      (["--out", "run", "--split", "valid"], 64, "'valid'"),
      (["--out", "run", "--plan", "plan.yaml"], 64, "unknown key 'episode' in line 2"),
      (["--resume", "none"], 65, "no run directory"),
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

/// A folder with demonstrations, and the tiny random checkpoint of the policy's own tests.
private struct Workplace {
  let folder: String

  func run(_ arguments: [String]) throws -> Program.Result {
    try Program.run(arguments, in: folder)
  }

  /// `mole eval` on everything; later flags win over the usual ones.
  func eval(_ arguments: [String]) throws -> Program.Result {
    guard !arguments.contains("--resume") else { return try run(["eval"] + arguments) }
    return try run(usual(without: arguments) + arguments)
  }

  var usual: [String] { usual(without: []) }

  private func usual(without given: [String]) -> [String] {
    let flags = [
      "--demos": "close_jar.hdf5", "--checkpoint": checkpoint, "--unnorm-key": "synthetic",
      "--methods": "dense,early-exit,mole", "--seed": "3", "--warmup": "1",
    ]
    return ["eval"]
      + flags.filter { !given.contains($0.key) }.flatMap { [$0.key, $0.value] }
  }

  private var checkpoint: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("VLAPolicyTests/Fixtures/cogact").path
  }

  func manifest(_ run: String) throws -> RunManifest {
    try OutcomeCoding.manifest(document: Data(contentsOf: file(run, RunFile.manifest)))
  }

  func timelessLines(_ run: String) throws -> [EpisodeOutcome] {
    let journal = (try? Data(contentsOf: file(run, RunFile.journal))) ?? Data()
    return try OutcomeCoding.completeLines(ofJournal: journal).map {
      try OutcomeCoding.outcome(line: $0).withoutTimings
    }
  }

  /// Makes a complete run into one that was cut off.
  func cut(_ run: String, afterLines count: Int, andBytes bytes: Int) throws {
    let journal = try Data(contentsOf: file(run, RunFile.journal))
    let lines = OutcomeCoding.completeLines(ofJournal: journal)
    let length = lines.prefix(count).reduce(bytes) { $0 + $1.count + 1 }
    try journal.prefix(length).write(to: file(run, RunFile.journal))
    var manifest = try manifest(run)
    manifest.status = .running
    manifest.finishedAt = nil
    try OutcomeCoding.document(manifest).write(to: file(run, RunFile.manifest))
  }

  func writeDemonstrations(seed: UInt64, keyframes: Int = 2) throws {
    var generator = SeededGenerator(seed: seed)
    let writer = try DemonstrationWriter(
      creating: URL(fileURLWithPath: folder + "/close_jar.hdf5"), task: "close_jar")
    for number in 0..<3 {
      let frames = (0...keyframes).map { frame in
        RecordedFrame(
          observation: Observation(images: [
            "front": RGBImage(
              width: 32, height: 24,
              pixels: (0..<32 * 24 * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
          ]),
          action: Action(translation: [0, 0, 0.1], eulerAngles: .zero, gripper: 1),
          isKeyframe: frame < keyframes)
      }
      try writer.append(
        RecordedDemonstration(instruction: "close jar \(number)", source: "test", frames: frames))
    }
    try writer.finish(train: [], valid: [])
  }

  private func file(_ run: String, _ name: String) -> URL {
    URL(fileURLWithPath: "\(folder)/\(run)/\(name)")
  }
}

private func withWorkplace(_ body: (Workplace) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("mole-eval-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let place = Workplace(folder: folder)
  try place.writeDemonstrations(seed: 1)
  try body(place)
}
