/// GPT-2's way of writing any byte as a visible character.
enum ByteLevel {
  /// The UTF-8 of the character that stands for each byte: printable Latin-1 for itself, the
  /// others from U+0100 on.
  static let characters: [[UInt8]] = {
    var next: UInt32 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      let isVisible = 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || byte >= 0xAE
      let code = isVisible ? UInt32(byte) : next
      if !isVisible { next += 1 }
      return Unicode.Scalar(code).map { Array(String($0).utf8) } ?? []
    }
  }()

  private static let bytes = Dictionary(
    uniqueKeysWithValues: characters.enumerated().map {
      (ByteString(utf8: $0.element), UInt8($0.offset))
    })

  static func encode(_ text: [UInt8]) -> [UInt8] { text.flatMap { characters[Int($0)] } }

  /// The bytes that a token's characters stand for; the token itself when one stands for none.
  static func decode(_ token: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while position < token.count {
      let end = position + UTF8Text.characterLength(in: token, at: position)
      guard let byte = bytes[ByteString(utf8: Array(token[position..<end]))] else { return token }
      result.append(byte)
      position = end
    }
    return result
  }
}
