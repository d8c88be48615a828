internal import Files

/// The backslash escapes of protocol 0's text lines.
enum PickleEscapes {
  /// - Parameter onlyUnicode: Whether only `\u` and `\U` are escapes (a Unicode line), or those of
  ///   a Python byte-string literal.
  static func decode(_ line: ArraySlice<UInt8>, onlyUnicode: Bool) throws(PickleFault) -> String {
    var text = String.UnicodeScalarView()
    var cursor = ByteCursor(line)
    while let byte = cursor.byte() {
      guard byte == UInt8(ascii: "\\") else {
        text.append(Unicode.Scalar(byte))
        continue
      }
      guard let letter = cursor.byte() else { throw .wrongOperand("an escape") }
      if onlyUnicode {
        try appendUnicode(letter, from: &cursor, to: &text)
      } else {
        text.append(try literal(letter, from: &cursor))
      }
    }
    return String(text)
  }

  private static func appendUnicode(
    _ letter: UInt8, from cursor: inout ByteCursor, to text: inout String.UnicodeScalarView
  ) throws(PickleFault) {
    switch letter {
    case UInt8(ascii: "u"): text.append(try scalar(digitCount: 4, from: &cursor))
    case UInt8(ascii: "U"): text.append(try scalar(digitCount: 8, from: &cursor))
    default:
      text.append("\\")
      text.append(Unicode.Scalar(letter))
    }
  }

  private static func literal(_ letter: UInt8, from cursor: inout ByteCursor) throws(PickleFault)
    -> Unicode.Scalar
  {
    switch letter {
    case UInt8(ascii: "n"): "\n"
    case UInt8(ascii: "r"): "\r"
    case UInt8(ascii: "t"): "\t"
    case UInt8(ascii: "x"): try scalar(digitCount: 2, from: &cursor)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): Unicode.Scalar(letter)
    default: throw .wrongOperand("an escape")
    }
  }

  private static func scalar(digitCount: Int, from cursor: inout ByteCursor) throws(PickleFault)
    -> Unicode.Scalar
  {
    guard let digits = cursor.take(digitCount),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw .wrongOperand("an escape") }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}
