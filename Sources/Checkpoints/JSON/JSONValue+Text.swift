extension JSONValue {
  /// The value as JSON, members in their order, two spaces a level.
  var text: [UInt8] {
    var text: [UInt8] = []
    write(to: &text, level: 0)
    text.append(UInt8(ascii: "\n"))
    return text
  }

  private func write(to text: inout [UInt8], level: Int) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let bool): text += (bool ? "true" : "false").utf8
    case .integer(let integer): text += "\(integer)".utf8
    case .real(let real): text += "\(real)".utf8
    case .string(let string): Self.write(string, to: &text)
    case .array(let array):
      Self.write(array, "[", "]", to: &text, level: level) { value, text in
        value.write(to: &text, level: level + 1)
      }
    case .object(let object):
      Self.write(object.members, "{", "}", to: &text, level: level) { member, text in
        Self.write(member.key, to: &text)
        text += ": ".utf8
        member.value.write(to: &text, level: level + 1)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout [UInt8], level: Int,
    _ body: (Element, inout [UInt8]) -> Void
  ) {
    text += open.utf8
    for (i, element) in elements.enumerated() {
      text += (i == 0 ? "\n" : ",\n").utf8
      text += [UInt8](repeating: 0x20, count: 2 * level + 2)
      body(element, &text)
    }
    if !elements.isEmpty {
      text.append(0x0A)
      text += [UInt8](repeating: 0x20, count: 2 * level)
    }
    text += close.utf8
  }

  private static func write(_ string: ByteString, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    // Through `String`, so that what is written is UTF-8.
    for byte in string.string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0..<0x10: text += "\\u000\(String(byte, radix: 16))".utf8
      case 0x10..<0x20: text += "\\u00\(String(byte, radix: 16))".utf8
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(ByteString(value)) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// - Precondition: No key appears twice.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements {
      let isNew = object.append(ByteString(key), value)
      precondition(isNew, "the key '\(key)' appears twice")
    }
    self = .object(object)
  }
}
