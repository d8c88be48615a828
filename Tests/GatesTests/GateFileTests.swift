import Failures
import Foundation
import Gates
import Testing

@Suite("Gate files")
struct GateFileTests {
  private func settings(_ yaml: String) throws(GateError) -> GateSettings {
    try GateFile.settings(yaml: yaml, path: "gate.yaml")
  }

  @Test("what is written is read back, and an empty file changes nothing")
  func roundTrip() throws {
    #expect(try settings(GateFile.yaml(GateSettings())) == GateSettings())
    #expect(try settings("") == GateSettings())
    var other = GateSettings()
    other.alpha = 0.01
    other.cannotTell = .pass
    other.success.measure = .once
    other.success.taskMargin = 0.2
    other.replay.measure = .rotationError
    other.latency.check = false
    other.layerUsage.margin = 0.125
    other.bootstrap.seed = .max
    #expect(try settings(GateFile.yaml(other)) == other)
  }

  @Test("a file names only what it changes")
  func partial() throws {
    var expected = GateSettings()
    expected.success.margin = 0.03
    expected.tasksCannotTell = .fail
    let yaml = "tasks_cannot_tell: fail\nsuccess:\n  margin: 0.03\n"
    #expect(try settings(yaml) == expected)
  }

  @Test(
    "unknown keys and wrong values are errors with their line",
    arguments: [
      ("alpha: 0.05\nbeta: 1\n", 2, "beta"),
      ("success:\n  margin: 0.1\n  margins: 0.1\n", 3, "success.margins"),
      ("margin: 0.1\n", 1, "margin"),
      ("success:\n  margin: 2\n", 2, "success.margin"),
      ("success:\n  margin: ten\n", 2, "success.margin"),
      ("alpha: .nan\n", 1, "alpha"),
      ("\nlatency:\n  check: perhaps\n", 3, "latency.check"),
      ("cannot_tell: maybe\n", 1, "cannot_tell"),
      ("bootstrap: {draws: 1}\n", 1, "bootstrap.draws"),
    ])
  func refuses(yaml: String, line: Int, key: String) throws {
    let error = #expect(throws: GateError.self) { try settings(yaml) }
    #expect(error?.kind == .usage)
    #expect(error?.description.contains("Line \(line) of") == true, "\(error.debugDescription)")
    #expect(error?.description.contains("'\(key)'") == true, "\(error.debugDescription)")
  }

  @Test(
    "what is no mapping is refused", arguments: ["- a\n", "success: 3\n", "a: &b 1\n", "a: [\n"])
  func refusesShapes(yaml: String) {
    #expect(throws: GateError.self) { try settings(yaml) }
  }

  @Test("a file that is not there is missing input, an enormous one is not read")
  func files() throws {
    let missing = #expect(throws: GateError.self) { try GateFile.read(path: "/nowhere/gate.yaml") }
    #expect(missing?.kind == .missingInput)
    let url = FileManager.default.temporaryDirectory.appending(path: "gate-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(repeating: 0x23, count: 1 << 17).write(to: url)
    #expect(throws: GateError.self) { try GateFile.read(path: url.path) }
    try Data("alpha: 0.1".utf8).write(to: url)
    #expect(try GateFile.read(path: url.path).alpha == 0.1)
  }
}
