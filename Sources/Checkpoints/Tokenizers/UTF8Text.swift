/// Small facts about UTF-8 that tokenizers need.
enum UTF8Text {
  /// U+2581, which stands for a space in vocabularies.
  static let space: [UInt8] = [0xE2, 0x96, 0x81]

  /// The length of the character at `position`, from its first byte; it ends within the text.
  static func characterLength(in text: [UInt8], at position: Int) -> Int {
    let length =
      switch text[position] {
      case 0xC0..<0xE0: 2
      case 0xE0..<0xF0: 3
      case 0xF0...0xFF: 4
      default: 1
      }
    return min(length, text.count - position)
  }

  /// The bytes with U+FFFD for each byte that is not part of valid UTF-8.
  static func repairedByByte(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let end = position + characterLength(in: bytes, at: position)
      if String(validating: bytes[position..<end], as: UTF8.self) != nil {
        result += bytes[position..<end]
        position = end
      } else {
        result += [0xEF, 0xBF, 0xBD]
        position += 1
      }
    }
    return result
  }

  /// `<0x0A>`, the piece that stands for a byte.
  static func bytePiece(_ byte: UInt8) -> ByteString {
    let digits = Array("0123456789ABCDEF".utf8)
    return ByteString(
      utf8: Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: ">")])
  }

  /// The byte that a piece such as `<0x0A>` stands for.
  static func byte(ofPiece piece: ByteString) -> UInt8? {
    let bytes = piece.utf8
    guard bytes.count == 6, bytes.starts(with: "<0x".utf8), bytes[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: bytes[3..<5], as: UTF8.self), radix: 16)
  }
}

extension [UInt8] {
  /// The text with every `pattern` replaced, from left to right.
  func replacing(_ pattern: [UInt8], with replacement: [UInt8]) -> [UInt8] {
    guard let first = pattern.first else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    var position = 0
    while position < count {
      if self[position] == first, self[position...].starts(with: pattern) {
        result += replacement
        position += pattern.count
      } else {
        result.append(self[position])
        position += 1
      }
    }
    return result
  }

  func hasSuffix(_ suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }
}
