import Failures
import Foundation
import HDF5Files
import Testing

@Suite("Damaged files")
struct DamageTests {
  @Test("a truncated file gives a sentence, wherever it ends", arguments: typeFiles)
  func truncation(name: String) throws {
    let whole = try Data(contentsOf: fixture(name))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cut.h5")
      for length in stride(from: 0, to: whole.count, by: 211) {
        try whole.prefix(length).write(to: url)
        let error = explainedError { try readEverything(url) }
        #expect(error?.kind == .badData, "cut at \(length)")
        #expect(error.map(isOneSentence) == true)
      }
    }
  }

  @Test("a length that makes the library fault ends the process with a sentence")
  func fault() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(65), observing: [\.standardErrorContent]
    ) {
      var bytes = try Data(contentsOf: fixture(typeFiles[0]))
      // In the file's heap a text follows the eight bytes of its length, the highest last.
      let text = try #require(bytes.range(of: Data("grüße".utf8)))
      bytes[text.lowerBound - 1] ^= 0xFF
      try withTemporaryFolder { folder in
        let url = folder.appendingPathComponent("flipped.h5")
        try bytes.write(to: url)
        let error = explainedError {
          _ = try HDF5File(reading: url).readStrings("texts/variable")
        }
        // A library that notices gives an error instead; it says the same.
        FileHandle.standardError.write(Data("\(try #require(error))\n".utf8))
        exit(error?.kind.rawValue ?? 0)
      }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("flipped.h5"))
    #expect(message.contains("the file is damaged"))
  }

  /// The library itself faults on some damages; the process then ends with the exit code for
  /// bad data, and another one goes on behind that byte.
  @Test(
    "flipped bytes give data, a sentence, or the exit code for bad data", .timeLimit(.minutes(10)),
    arguments: [0, 1])
  func flips(file: Int) async throws {
    let progress = FileManager.default.temporaryDirectory
      .appendingPathComponent("mole-flips-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: progress) }
    let (name, state) = (typeFiles[file], progress.path)
    for _ in 0..<60 {
      let count = try Data(contentsOf: fixture(name)).count
      let next = Int((try? String(contentsOf: progress, encoding: .utf8)) ?? "0") ?? 0
      guard next < count else { return }
      let result = await #expect(processExitsWith: .exitCode(65)) {
        [name = name as String, state = state as String] in
        try flipBytes(of: name, state: URL(fileURLWithPath: state))
        // Done without a fault: the same code, so that the parent need not tell them apart.
        exit(65)
      }
      guard result != nil else { return }
    }
    Issue.record("the library faults on too many bytes")
  }
}

/// Every byte would take minutes; the stride is prime, so that all kinds of places are met.
private let flipStride = 53

/// Reads the file with one byte after the other turned over, from where `state` says.
private func flipBytes(of name: String, state: URL) throws {
  let whole = try Data(contentsOf: fixture(name))
  let start = Int((try? String(contentsOf: state, encoding: .utf8)) ?? "0") ?? 0
  try withTemporaryFolder { folder in
    let url = folder.appendingPathComponent("flipped.h5")
    for position in stride(from: start, to: whole.count, by: flipStride) {
      try String(position + flipStride).write(to: state, atomically: true, encoding: .utf8)
      var bytes = whole
      bytes[position] ^= 0xFF
      try bytes.write(to: url)
      _ = explainedError { try readEverything(url) }
    }
    try String(whole.count).write(to: state, atomically: true, encoding: .utf8)
  }
}
