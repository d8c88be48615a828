import Failures
import Foundation
import HDF5Files
import Testing

/// A file that `Scripts/fixtures/demonstrations.py` made.
func fixture(_ name: String) throws -> URL {
  try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    .appendingPathComponent(name)
}

/// A folder of its own, removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("mole-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// Reads everything in a file: names, attributes, descriptions and data.
func readEverything(_ url: URL) throws {
  let file = try HDF5File(reading: url)
  var visited = 0
  try visit("")

  func visit(_ path: String) throws {
    visited += 1
    guard visited < 200, path.count < 100 else { return }
    for name in try attempt([], { try file.attributeNames(of: path) }) {
      _ = try attempt(nil, { try file.attribute(name, of: path) })
    }
    switch try attempt(nil, { try file.node(at: path) }) {
    case .group:
      for name in try attempt([], { try file.names(in: path) }) { try visit("\(path)/\(name)") }
    case .dataset:
      _ = try attempt([], { try file.read(path, as: Double.self, limit: 1 << 24) })
      _ = try attempt([], { try file.readStrings(path, limit: 1 << 24) })
    default: break
    }
  }

  /// An `ExplainedError` is a fine answer; anything else is not.
  func attempt<Value>(_ fallback: Value, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as any ExplainedError {
      #expect(isOneSentence(error), "\(error)")
      return fallback
    }
  }
}

func isOneSentence(_ error: any ExplainedError) -> Bool {
  let text = error.description
  return text.hasSuffix(".") && !text.contains("\n") && text.count > 20
}

/// The error that `body` throws, if it is one of ours.
func explainedError(_ body: () throws -> Void) -> (any ExplainedError)? {
  do {
    try body()
    return nil
  } catch {
    return error as? any ExplainedError
  }
}
