import Foundation
import Testing

extension Workplace {
  /// A small random checkpoint in `tiny`.
  func makeCheckpoint() throws {
    try expectFine(["checkpoint", "init", "--preset", "tiny", "--seed", "7", "-o", "tiny"])
  }

  /// Drawn demonstrations in `sample`.
  func makeSample(episodes: Int = 2) throws {
    try expectFine(["demos", "sample", "-o", "sample", "--episodes", "\(episodes)"])
  }

  /// A copy of a fixture of another room's tests, such as `DemonstrationsTests/Fixtures/rlds`.
  func copyFixture(_ path: String, as name: String) throws {
    try FileManager.default.copyItem(at: Workplace.fixture(path), to: url(name))
  }

  static func fixture(_ path: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(path)
  }

  func url(_ name: String) -> URL { URL(fileURLWithPath: folder).appendingPathComponent(name) }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: url(name))
  }

  func write(_ text: String, to name: String) throws { try write(text.utf8, to: name) }

  /// Every file and folder, hidden ones too, with its size.
  func listing() throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return try names.sorted().map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: url(name).path)
      let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
      return isFolder ? name : "\(name) \(attributes[.size] ?? 0)"
    }
  }

  /// Runs what is expected to work, and gives back what it printed.
  @discardableResult
  func expectFine(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try run(arguments)
    #expect(
      result.exitCode == 0, "\(arguments): \(result.messages)", sourceLocation: sourceLocation)
    return result.output
  }

  /// Runs what is expected to be refused: by its exit code, with one sentence after what was told
  /// of the progress, with nothing on standard output and nothing left on the disk.
  func expectRefusal(
    _ arguments: [String], exitCode: Int32, containing phrase: String = "", _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try listing()
    let result = try run(arguments)
    let lines = result.messages.split(separator: "\n", omittingEmptySubsequences: false)
    let complaints = lines.filter { $0.hasPrefix("mole: ") }
    let context = Comment(rawValue: "\(what), exit \(result.exitCode): \(result.messages)")
    #expect(result.exitCode == exitCode, context, sourceLocation: sourceLocation)
    #expect(complaints.count == 1, context, sourceLocation: sourceLocation)
    // The sentence is the last line.
    #expect(lines.dropLast().last == complaints.first, context, sourceLocation: sourceLocation)
    #expect(lines.last == "", context, sourceLocation: sourceLocation)
    #expect(complaints.first?.hasSuffix(".") == true, context, sourceLocation: sourceLocation)
    #expect(
      complaints.first?.contains(phrase) == true || phrase.isEmpty, context,
      sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, context, sourceLocation: sourceLocation)
    #expect(try listing() == before, context, sourceLocation: sourceLocation)
  }
}
