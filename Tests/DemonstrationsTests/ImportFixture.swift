import Demonstrations
import Foundation
import Testing

/// What `Scripts/fixtures/imports.py` wrote.
enum ImportFixture {
  /// The masked CRC32C of 2^40 in eight bytes, as the generator computes it.
  static let checksumOfLargeLength: [UInt8] = [170, 61, 107, 228]

  static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
      .appendingPathComponent(name)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(name)))
  }

  static func json<Content: Decodable>(_ name: String) throws -> Content {
    try JSONDecoder().decode(Content.self, from: Data(contentsOf: url(name)))
  }

  /// Runs `body` with an empty folder that is removed afterwards.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mole-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Runs `body` with a writable copy of a fixture folder.
  static func withCopy<Result>(of name: String, _ body: (URL) throws -> Result) throws -> Result {
    try withFolder { folder in
      let copy = folder.appendingPathComponent(name)
      try FileManager.default.copyItem(at: url(name), to: copy)
      return try body(copy)
    }
  }
}

/// Whether two lists of numbers agree within `tolerance`.
func agree(_ a: [Double], _ b: [Double], within tolerance: Double) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}
