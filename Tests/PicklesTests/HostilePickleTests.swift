import Foundation
import Pickles
import Testing

/// Pickles made to hurt end in an error, never in a trap or an endless loop.
struct HostilePickleTests {
  @Test("every truncation of a pickle is an error", arguments: [0, 2, 4, 5])
  func truncations(version: Int) throws {
    let bytes = try pickle("sample_numpy2_p\(version).pkl")
    for count in 0..<bytes.count {
      #expect(throws: PickleFault.self, "\(count) bytes") {
        try Unpickler.load(Array(bytes.prefix(count)))
      }
    }
  }

  @Test("a flipped byte gives a value or an error", arguments: [0, 1, 2, 3, 4, 5])
  func flips(version: Int) throws {
    let bytes = try pickle("sample_numpy2_p\(version).pkl")
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= position.isMultiple(of: 2) ? 0x01 : 0x80
      _ = try? Unpickler.load(damaged)
    }
  }

  @Test("instructions in random order give a value or an error")
  func noise() {
    var generator = SystemRandomNumberGenerator()
    let opcodes = Array("(.012FIJKLMNRSTUVXabcdeghijloprstu]})GBC".utf8) + (0x80...0x98)
    for _ in 0..<20_000 {
      let bytes = (0..<40).map { _ in
        Bool.random(using: &generator)
          ? opcodes.randomElement(using: &generator) ?? 0
          : UInt8.random(in: 0...9, using: &generator)
      }
      _ = try? Unpickler.load(bytes + [0x2E])
    }
  }

  @Test("lengths beyond the end are errors before anything is allocated")
  func lyingLengths() {
    let lies: [[UInt8]] = [
      [0x8E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E],  // BINBYTES8
      [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x2E],  // BINUNICODE8
      [0x96, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x2E],  // BYTEARRAY8
      [0x42, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E],  // BINBYTES
      [0x58, 0x05, 0x00, 0x00, 0x00, 0x61, 0x2E],  // BINUNICODE
      [0x8B, 0xFF, 0xFF, 0xFF, 0x7F, 0x2E],  // LONG4
    ]
    for lie in lies {
      #expect(throws: PickleFault.truncated) { try Unpickler.load(lie) }
    }
  }

  @Test("deep nesting is refused, whichever way it is built")
  func depth() {
    let tuples = [0x4E] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E]
    let lists =
      [UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999)
      + [0x2E]
    #expect(throws: PickleFault.tooDeep(limit: 100)) { try Unpickler.load(tuples) }
    #expect(throws: PickleFault.tooDeep(limit: 100)) { try Unpickler.load(lists) }
  }

  @Test("more values than allowed are refused")
  func counts() {
    var limits = PickleLimits()
    limits.valueCount = 100
    let many = [UInt8](repeating: 0x4E, count: 101) + [0x2E]
    let copies = [0x4E] + [UInt8](repeating: 0x32, count: 101) + [0x2E]
    let marks = [UInt8](repeating: 0x28, count: 101) + [0x2E]
    for bytes in [many, copies, marks] {
      #expect(throws: PickleFault.tooManyValues(limit: 100)) {
        try Unpickler.load(bytes, limits: limits)
      }
    }
  }

  @Test("an array whose bytes are not those of its shape is refused")
  func lyingArrays() throws {
    let bytes = try pickle("sample_numpy2_p4.pkl")
    // The shape (2, 3) of the first array, as its instructions: K 2, K 3, TUPLE2.
    let shape: [UInt8] = [0x4B, 2, 0x4B, 3, 0x86]
    let place = try #require(bytes.firstIndex(of: shape))
    var damaged = bytes
    damaged[place + 1] = 200
    #expect(throws: PickleFault.badArray("of shape [200, 3] with 48 instead of 4800 bytes")) {
      try Unpickler.load(damaged)
    }
  }

  @Test("a dictionary with an odd value, a call of no class and an unknown memo are refused")
  func malformed() {
    let cases: [([UInt8], PickleFault)] = [
      (Array("(K\u{1}d.".utf8), .wrongOperand("a dictionary's addition")),
      (Array("K\u{1})R.".utf8), .wrongOperand("a call")),
      (Array("h\u{7}.".utf8), .missingMemo(7)),
      (Array("N}b.".utf8), .wrongOperand("a state")),
      (Array("a.".utf8), .stackUnderflow),
      (Array("Pid\n.".utf8), .unsupported("the instruction 'persid'")),
      ([0x80, 9, 0x2E], .unsupported("protocol 9")),
      ([0xFE, 0x2E], .unknownOpcode(0xFE)),
    ]
    for (bytes, fault) in cases {
      #expect(throws: fault) { try Unpickler.load(bytes) }
    }
  }
}

extension Array where Element == UInt8 {
  /// The position of the first occurrence of `part`.
  fileprivate func firstIndex(of part: [UInt8]) -> Int? {
    indices.dropLast(part.count - 1).first { self[$0..<$0 + part.count].elementsEqual(part) }
  }
}
