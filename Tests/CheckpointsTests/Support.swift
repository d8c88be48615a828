import Checkpoints
import Failures
import Foundation
import Testing

/// A file or folder of `Fixtures`.
func fixture(_ path: String) throws -> URL {
  let root = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
  return root.appendingPathComponent(path)
}

/// An empty folder that is removed when `body` ends.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("checkpoints-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The error of `body`, which must be an explained one of this kind and one sentence long.
@discardableResult
func failure(
  _ kind: FailureKind, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as any ExplainedError {
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    return "\(error)"
  } catch {
    Issue.record("\(error) does not explain itself", sourceLocation: sourceLocation)
  }
  return ""
}

/// Runs `body`, which may succeed or throw an explained error of bad data, and nothing else.
func survives(
  _ what: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  do {
    try body()
  } catch let error as any ExplainedError {
    #expect(error.kind == .badData, "\(what()): \(error)", sourceLocation: sourceLocation)
  } catch {
    Issue.record("\(what()): \(error) does not explain itself", sourceLocation: sourceLocation)
  }
}
