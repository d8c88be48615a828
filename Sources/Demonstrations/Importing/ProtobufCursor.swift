/// Reads the protocol-buffers wire format, bounds-checked.
struct ProtobufCursor {
  enum Value {
    case varint(UInt64)
    case fixed(ArraySlice<UInt8>)
    case bytes(ArraySlice<UInt8>)
  }

  private var cursor: ByteCursor

  init(_ bytes: ArraySlice<UInt8>) {
    cursor = ByteCursor(bytes)
  }

  var isAtEnd: Bool { cursor.remainingCount == 0 }

  /// The next field's number and value.
  mutating func field() throws(RecordFault) -> (number: UInt64, value: Value) {
    let tag = try varint()
    switch tag & 7 {
    case 0: return (tag >> 3, .varint(try varint()))
    case 1: return (tag >> 3, .fixed(try take(8)))
    case 2:
      let count = try varint()
      guard let count = Int(exactly: count) else { throw .notAnExample }
      return (tag >> 3, .bytes(try take(count)))
    case 5: return (tag >> 3, .fixed(try take(4)))
    default: throw .notAnExample
    }
  }

  mutating func varint() throws(RecordFault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard let byte = cursor.byte() else { throw .notAnExample }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .notAnExample
  }

  mutating func float() throws(RecordFault) -> Float {
    ProtobufCursor.float(try take(4))
  }

  static func float(_ bytes: ArraySlice<UInt8>) -> Float {
    Float(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }

  private mutating func take(_ count: Int) throws(RecordFault) -> ArraySlice<UInt8> {
    guard let slice = cursor.take(count) else { throw .notAnExample }
    return slice
  }
}
