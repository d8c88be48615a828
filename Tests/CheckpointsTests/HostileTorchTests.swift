import Checkpoints
import Failures
import Foundation
import Testing

/// Files that somebody broke or forged: an error of bad data, never a trap.
@Suite struct HostileTorchTests {
  private static func forged() throws -> [String: Data] {
    try JSONFile.decode([String: String].self, from: fixture("Torch/hostile.json"))
      .mapValues { Data(hexadecimal: $0) }
  }

  private func open(_ data: Data, in folder: URL) throws {
    let url = folder.appendingPathComponent("x.pt")
    try data.write(to: url)
    let archive = try TensorArchive(file: url)
    for name in archive.names {
      if try archive.elementType(of: name).isFloatingPoint {
        _ = try archive.floats(name)
      } else {
        _ = try archive.integers(name)
      }
    }
  }

  @Test("forged files are bad data, told in one sentence; odd but sound ones are read")
  func forgedFiles() throws {
    let files = try Self.forged()
    #expect(files.count >= 45)
    try withTemporaryFolder { folder in
      for (name, data) in files {
        guard !name.hasPrefix("fine") else {
          try open(data, in: folder)
          continue
        }
        let sentence = failure(.badData) { try open(data, in: folder) }
        #expect(!sentence.contains("\n") && sentence.hasSuffix("."), "\(name): \(sentence)")
      }
    }
  }

  @Test("a file broken off at any byte is bad data")
  func truncation() throws {
    try withTemporaryFolder { folder in
      for name in ["flat", "state_dict"] {
        let whole = try Data(contentsOf: fixture("Torch/\(name).pt"))
        for length in 0..<whole.count {
          failure(.badData) { try open(whole.prefix(length), in: folder) }
        }
      }
    }
  }

  @Test("a flipped bit is bad data or another valid file, never a crash")
  func flippedBits() throws {
    try withTemporaryFolder { folder in
      for name in ["fine", "fine-zip64", "fine-large-entries"] {
        let whole = try #require(try Self.forged()[name])
        for bit in 0..<whole.count * 8 {
          var data = whole
          data[bit / 8] ^= 1 << (bit % 8)
          survives("\(name), bit \(bit)") { try open(data, in: folder) }
        }
      }
    }
  }

  @Test("random damage of a real file is bad data or another valid file, never a crash")
  func damage() throws {
    let whole = try Data(contentsOf: fixture("Torch/state.pt"))
    var state: UInt64 = 1
    func draw(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let marks: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x51, 0x52, 0x74, 0x28, 0x68]
    try withTemporaryFolder { folder in
      for round in 0..<3000 {
        var data = whole
        for _ in 0...draw(4) {
          let length = 1 + draw(8)
          let start = draw(data.count - length)
          for byte in start..<start + length { data[byte] = marks[draw(marks.count)] }
        }
        survives("round \(round)") { try open(data, in: folder) }
      }
    }
  }
}

extension Data {
  fileprivate init(hexadecimal text: String) {
    let digits = text.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    self.init(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
  }
}
