import Evaluation
import Failures
import Foundation
import Outcomes
import Testing

@Suite("Digests of files")
struct FileDigestTests {
  @Test("SHA-256 equals the published vectors, for any length")
  func vectors() throws {
    try withTemporaryFolder { folder in
      // FIPS 180-4 examples; the last from sha256sum over 2 MiB + 1 zero bytes.
      let cases: [(Data, String)] = [
        (Data(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
          Data("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        ),
        (
          Data(repeating: 0, count: 2_097_153),
          "e9a099c75ef837c28bc91683bee127e463fa0ee10c11fd816f8d2d428c0d610e"
        ),
      ]
      for (bytes, expected) in cases {
        let file = URL(fileURLWithPath: folder + "/file")
        try bytes.write(to: file)
        let digest = try FileDigest(ofFile: file.path)
        #expect(digest.sha256 == expected)
        #expect(digest.bytes == bytes.count)
      }
    }
  }

  @Test("a folder's files are listed in order, hidden ones left out, links followed")
  func folder() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/sub", withIntermediateDirectories: true)
      for name in ["b.bin", "a.json", "sub/c", ".hidden"] {
        try Data(name.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: folder + "/b.bin")
      let digests = try FileDigest.all(inFolder: folder)
      #expect(digests.map(\.path) == ["a.json", "b.bin", "link", "sub/c"])
      #expect(digests[1].sha256 == digests[2].sha256)
    }
  }

  @Test("what is no file and an empty folder are missing inputs, and a pipe does not block")
  func missing() throws {
    try withTemporaryFolder { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      for path in ["/no/such/folder", folder] {
        let error = #expect(throws: EvaluationError.self) { try FileDigest.all(inFolder: path) }
        #expect(error?.kind == .missingInput)
      }
      #expect(throws: EvaluationError.self) { try FileDigest(ofFile: folder + "/pipe") }
    }
  }
}
