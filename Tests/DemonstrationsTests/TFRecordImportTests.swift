import Demonstrations
import Foundation
import Testing

/// The wire formats under a data set.
struct TFRecordImportTests {
  /// The data of the first record of the fixture's first shard.
  private func record() throws -> [UInt8] {
    let bytes = try ImportFixture.bytes("rlds/rlbench-train.tfrecord-00000-of-00002")
    let count = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    return Array(bytes[12..<12 + count])
  }

  @Test("the checksum has the published check value")
  func checkValue() {
    #expect(CRC32C.checksum(Array("123456789".utf8)[...]) == 0xE306_9283)
    #expect(CRC32C.checksum([]) == 0)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)[...]) == 0x8A91_36AA)
  }

  @Test("features of all kinds are read")
  func kinds() throws {
    let features = try TFExample(record()).features
    guard case .ints(let first)? = features["steps/is_first"],
      case .floats(let actions)? = features["steps/action"],
      case .bytes(let words)? = features["steps/language_instruction"]
    else {
      Issue.record("\(features.keys)")
      return
    }
    #expect(first == [1, 0] && actions.count == 14)
    #expect(
      words.map { String(decoding: $0, as: UTF8.self) } == ["task number 0", "task number 0"])
  }

  @Test("unpacked numbers and negative integers are read")
  func unpacked() throws {
    // Example { Features { "a": Int64List [-1, 3], "b": FloatList [1.5] } }, not packed.
    let negative = [UInt8](repeating: 0xFF, count: 9) + [0x01]
    let ints = field(
      1, field(1, Array("a".utf8)) + field(2, field(3, [0x08] + negative + [0x08, 3])))
    let floats = field(
      1, field(1, Array("b".utf8)) + field(2, field(2, [0x0D, 0x00, 0x00, 0xC0, 0x3F])))
    let features = try TFExample(field(1, ints + floats)).features
    guard case .ints([-1, 3])? = features["a"], case .floats([1.5])? = features["b"] else {
      Issue.record("\(features)")
      return
    }
  }

  @Test("damaged messages give a message or an error")
  func damage() throws {
    let bytes = try record()
    for position in bytes.indices {
      for mask in [UInt8(0x01), 0x80] {
        var damaged = bytes
        damaged[position] ^= mask
        _ = try? TFExample(damaged)
      }
    }
    for count in 1..<bytes.count {
      #expect(throws: RecordFault.self) { try TFExample(Array(bytes.prefix(count))) }
    }
    #expect(throws: RecordFault.notAnExample) { try TFExample([]) }
    #expect(throws: RecordFault.notAnExample) {
      try TFExample([0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    }
  }

  private func field(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(body.count)] + body
  }
}
