import Demonstrations
import Foundation
import Manipulation
import Outcomes

/// A folder with demonstrations, and the tiny random checkpoint of the policy's own tests.
struct Workplace {
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
      "--methods": "dense,early-exit,mole", "--seed": "3", "--warmup": "1", "--threads": "1",
    ]
    return ["eval"]
      + flags.filter { !given.contains($0.key) }.flatMap { [$0.key, $0.value] }
  }

  /// The policy's own fixture.
  var checkpoint: String {
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

  func file(_ run: String, _ name: String) -> URL {
    URL(fileURLWithPath: "\(folder)/\(run)/\(name)")
  }
}

func withWorkplace(_ body: (Workplace) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("mole-eval-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let place = Workplace(folder: folder)
  try place.writeDemonstrations(seed: 1)
  try body(place)
}
