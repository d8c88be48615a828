/// Reads the fields of a protocol-buffer message from outside, every length checked against what
/// is left (https://protobuf.dev/programming-guides/encoding/).
package struct ProtobufReader {
  package enum Value: Equatable {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    /// A text, bytes, a message, or packed numbers.
    case bytes(ArraySlice<UInt8>)
  }

  /// The message breaks off or is malformed.
  package struct Fault: Error, Equatable {
    /// Where the part begins that cannot be read, as an index of the bytes that were given.
    package let offset: Int

    package init(offset: Int) {
      self.offset = offset
    }
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// Reads a message, or numbers packed without field keys.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package var isAtEnd: Bool { position == bytes.endIndex }

  /// The next field; `nil` at the end of the message.
  package mutating func next() throws(Fault) -> (number: Int, value: Value)? {
    guard !isAtEnd else { return nil }
    let start = position
    let key = try varint()
    guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw Fault(offset: start) }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try littleEndian(byteCount: 8)))
    case 2: return (number, .bytes(try delimited()))
    case 5: return (number, .fixed32(try fixed32()))
    default: throw Fault(offset: start)
    }
  }

  /// A number of variable length.
  package mutating func varint() throws(Fault) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < bytes.endIndex else { throw Fault(offset: start) }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw Fault(offset: start)
  }

  /// A number of four bytes, such as the bit pattern of a float.
  package mutating func fixed32() throws(Fault) -> UInt32 {
    UInt32(truncatingIfNeeded: try littleEndian(byteCount: 4))
  }

  private mutating func littleEndian(byteCount: UInt64) throws(Fault) -> UInt64 {
    try take(byteCount, from: position).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func delimited() throws(Fault) -> ArraySlice<UInt8> {
    let start = position
    return try take(try varint(), from: start)
  }

  /// The next bytes; `start` is where what they belong to begins.
  private mutating func take(
    _ count: UInt64, from start: Int
  ) throws(Fault) -> ArraySlice<UInt8> {
    guard count <= UInt64(bytes.endIndex - position) else { throw Fault(offset: start) }
    let end = position + Int(count)
    defer { position = end }
    return bytes[position..<end]
  }
}
