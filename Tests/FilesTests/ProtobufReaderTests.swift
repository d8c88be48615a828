import Files
import Testing

@Suite struct ProtobufReaderTests {
  @Test("every kind of field is read")
  func fields() throws {
    // 1: varint 300; 2: "hi"; 3: fixed32 1; 4: fixed64 2.
    let message: [UInt8] = [
      0x08, 0xAC, 0x02, 0x12, 2, 0x68, 0x69, 0x1D, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0,
    ]
    var reader = ProtobufReader(message[...])
    var values: [ProtobufReader.Value] = []
    while let (number, value) = try reader.next() {
      values.append(value)
      #expect(number == values.count)
    }
    #expect(values == [.varint(300), .bytes([0x68, 0x69]), .fixed32(1), .fixed64(2)])
  }

  @Test(
    "messages that break off or lie about a length are refused where it happens",
    arguments: [
      ([0x08], 1), ([0x12, 5, 1], 1), ([0x1D, 1, 2, 3], 1), ([0x0B], 0), ([0x00, 1], 0),
      ([0x08] + [UInt8](repeating: 0xFF, count: 11), 1),
      ([0x12] + [UInt8](repeating: 0xFF, count: 9) + [1], 1),
    ] as [([UInt8], Int)])
  func broken(message: [UInt8], offset: Int) {
    var reader = ProtobufReader(message[...])
    #expect(throws: ProtobufReader.Fault(offset: offset)) { try reader.next() }
  }

  @Test("packed numbers come one after another, within a slice of a larger message")
  func packed() throws {
    let bytes: [UInt8] = [9, 9, 1, 0x80, 1, 9]
    var reader = ProtobufReader(bytes[2..<5])
    #expect(try [reader.varint(), reader.varint()] == [1, 128])
    #expect(reader.isAtEnd)
  }
}
