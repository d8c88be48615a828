import Files
import Foundation
import Testing

@Suite struct FileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  @Test("what was written is read back, and replaces what was there")
  func roundTrip() throws {
    try PartialFile.write([UInt8](repeating: 7, count: 100_000), to: path("a"))
    try PartialFile.write(Data("new".utf8), to: path("a"))
    #expect(try RegularFile.bytes(of: path("a"), limit: 3) == Array("new".utf8))
    #expect(names == ["a"])
  }

  @Test("a file that is never completed leaves nothing, and what was there stays")
  func uncommitted() throws {
    try PartialFile.write([1], to: path("a"))
    do {
      let file = try PartialFile(path("a"))
      try [UInt8](repeating: 2, count: 10).withUnsafeBytes { try file.write($0, at: 0) }
      #expect(names == ["a", "a.partial"])
    }
    #expect(names == ["a"])
    #expect(try RegularFile.bytes(of: path("a"), limit: 9) == [1])
  }

  @Test("a folder in the place of the file refuses the writing and leaves nothing")
  func blocked() throws {
    try FileManager.default.createDirectory(atPath: path("a/b"), withIntermediateDirectories: true)
    #expect(throws: FileFault.self) { try PartialFile.write([1], to: path("a")) }
    #expect(names == ["a"])
    #expect(throws: FileFault.self) { try PartialFile.write([1], to: path("no/such/folder")) }
  }

  @Test("missing files, folders, pipes and files beyond the limit are told apart")
  func refusals() throws {
    try PartialFile.write([1, 2, 3], to: path("a"))
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(throws: FileFault.missing) { try RegularFile.bytes(of: path("b"), limit: 9) }
    #expect(throws: FileFault.missing) { try RegularFile.bytes(of: path("a/b"), limit: 9) }
    #expect(throws: FileFault.tooLarge(byteCount: 3, limit: 2)) {
      try RegularFile.bytes(of: path("a"), limit: 2)
    }
    for name in ["pipe", "."] {
      #expect(throws: FileFault.unreadable(reason: "it is no regular file")) {
        try RegularFile(path(name))
      }
    }
  }

  @Test("a file is read in pieces, the last one shorter")
  func pieces() throws {
    try PartialFile.write([1, 2, 3, 4, 5], to: path("a"))
    let file = try RegularFile(path("a"))
    let pieces = [try file.read(2), try file.read(2), try file.read(2), try file.read(2)]
    #expect(pieces == [[1, 2], [3, 4], [5], []])
  }

  @Test("a new folder appears whole or not at all, and never over another")
  func newFolder() throws {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try NewFolder.write(path("f")) { partial in
        try PartialFile.write([1], to: partial + "/x")
        throw Failure()
      }
    }
    #expect(names.isEmpty)
    try NewFolder.write(path("f")) { try PartialFile.write([1], to: $0 + "/x") }
    #expect(names == ["f"])
    #expect(throws: FileFault.self) { try NewFolder.write(path("f")) { _ in } }
    #expect(try RegularFile.bytes(of: path("f/x"), limit: 1) == [1])
  }
}
