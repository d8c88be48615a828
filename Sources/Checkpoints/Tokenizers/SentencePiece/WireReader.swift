/// Reads the fields of a protocol-buffer message, every length checked against what is left.
struct WireReader {
  enum Value: Equatable {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    /// A place in the bytes, within the message.
    case bytes(Range<Int>)
  }

  let bytes: [UInt8]
  private var position: Int
  private let end: Int

  /// - Precondition: `range` lies within `bytes`.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field; nil at the end of the message.
  mutating func next() throws(TokenizerFault) -> (number: Int, value: Value)? {
    guard position < end else { return nil }
    let start = position
    let key = try varint()
    guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw .brokenMessage(offset: start) }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try littleEndian(byteCount: 8)))
    case 2: return (number, .bytes(try delimited()))
    case 5: return (number, .fixed32(UInt32(try littleEndian(byteCount: 4))))
    default: throw .brokenMessage(offset: start)
    }
  }

  private mutating func varint() throws(TokenizerFault) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < end else { throw .brokenMessage(offset: start) }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .brokenMessage(offset: start)
  }

  private mutating func littleEndian(byteCount: Int) throws(TokenizerFault) -> UInt64 {
    guard end - position >= byteCount else { throw .brokenMessage(offset: position) }
    let field = bytes[position..<position + byteCount]
    position += byteCount
    return field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func delimited() throws(TokenizerFault) -> Range<Int> {
    let start = position
    let length = try varint()
    guard length <= UInt64(end - position) else { throw .brokenMessage(offset: start) }
    position += Int(length)
    return position - Int(length)..<position
  }
}
