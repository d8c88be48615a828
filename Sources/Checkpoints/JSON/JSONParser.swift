/// What is wrong with a JSON text, and at which byte.
package enum JSONFault: Error, Equatable, Sendable, CustomStringConvertible {
  case notUTF8
  case unexpectedEnd
  case unexpected(expected: String, offset: Int)
  case tooDeep(limit: Int, offset: Int)
  case tooManyValues(limit: Int)
  case duplicateKey(String, offset: Int)
  case badString(offset: Int)
  case badNumber(offset: Int)

  package var description: String {
    switch self {
    case .notUTF8: "it is not UTF-8"
    case .unexpectedEnd: "it ends too early"
    case .unexpected(let expected, let offset): "\(expected) was expected at byte \(offset)"
    case .tooDeep(let limit, let offset): "more than \(limit) levels of nesting at byte \(offset)"
    case .tooManyValues(let limit): "it holds more than \(limit) values"
    case .duplicateKey(let key, let offset): "the key '\(key)' appears again at byte \(offset)"
    case .badString(let offset): "the string at byte \(offset) has a forbidden character or escape"
    case .badNumber(let offset): "the number at byte \(offset) is malformed or out of range"
    }
  }
}

/// A strict JSON parser (RFC 8259) for files from outside: limited nesting, limited count of
/// values, duplicate keys refused.
package struct JSONParser {
  private let text: [UInt8]
  private var position = 0
  private var valueCount = 0
  private let depthLimit: Int
  private let countLimit: Int

  private init(_ text: [UInt8], depthLimit: Int, countLimit: Int) {
    self.text = text
    self.depthLimit = depthLimit
    self.countLimit = countLimit
  }

  /// Parses a whole text.
  package static func parse(
    _ text: [UInt8], depthLimit: Int = 64, countLimit: Int = 5_000_000
  ) throws(JSONFault) -> JSONValue {
    guard String(validating: text, as: UTF8.self) != nil else { throw .notUTF8 }
    var parser = JSONParser(text, depthLimit: depthLimit, countLimit: countLimit)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == text.count else {
      throw .unexpected(expected: "the end", offset: parser.position)
    }
    return value
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
    valueCount += 1
    guard valueCount <= countLimit else { throw .tooManyValues(limit: countLimit) }
    guard depth <= depthLimit else { throw .tooDeep(limit: depthLimit, offset: position) }
    skipSpace()
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONFault) -> JSONObject {
    var object = JSONObject()
    position += 1
    if try takeIf("}") { return object }
    repeat {
      skipSpace()
      let start = position
      guard try peek() == UInt8(ascii: "\"") else {
        throw .unexpected(expected: "a quoted key", offset: position)
      }
      let key = try string()
      guard try takeIf(":") else { throw .unexpected(expected: "':'", offset: position) }
      guard object.append(key, try value(depth: depth + 1)) else {
        throw .duplicateKey(key.string, offset: start)
      }
    } while try takeIf(",")
    guard try takeIf("}") else { throw .unexpected(expected: "',' or '}'", offset: position) }
    return object
  }

  private mutating func array(depth: Int) throws(JSONFault) -> [JSONValue] {
    var array: [JSONValue] = []
    position += 1
    if try takeIf("]") { return array }
    repeat {
      array.append(try value(depth: depth + 1))
    } while try takeIf(",")
    guard try takeIf("]") else { throw .unexpected(expected: "',' or ']'", offset: position) }
    return array
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONFault) -> JSONValue {
    let start = position
    for byte in word.description.utf8 {
      guard position < text.count, text[position] == byte else {
        throw .unexpected(expected: "'\(word)'", offset: start)
      }
      position += 1
    }
    return value
  }

  private mutating func skipSpace() {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private func peek() throws(JSONFault) -> UInt8 {
    guard position < text.count else { throw .unexpectedEnd }
    return text[position]
  }

  /// Skips white space, then the character if it is next.
  private mutating func takeIf(_ character: Unicode.Scalar) throws(JSONFault) -> Bool {
    skipSpace()
    guard try peek() == UInt8(truncatingIfNeeded: character.value) else { return false }
    position += 1
    return true
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(JSONFault) -> ByteString {
    let start = position
    position += 1
    var bytes: [UInt8] = []
    while true {
      let byte = try peek()
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return ByteString(utf8: bytes)
      case UInt8(ascii: "\\"): try escape(into: &bytes, start: start)
      case 0..<0x20: throw .badString(offset: start)
      default: bytes.append(byte)
      }
    }
  }

  private mutating func escape(into bytes: inout [UInt8], start: Int) throws(JSONFault) {
    let byte = try peek()
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"): bytes += Character(try scalar(start: start)).utf8
    default: throw .badString(offset: start)
    }
  }

  /// The scalar after `\u`, a surrogate pair included.
  private mutating func scalar(start: Int) throws(JSONFault) -> Unicode.Scalar {
    let first = try fourHexDigits(start: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, try peek() == UInt8(ascii: "\\") else { throw .badString(offset: start) }
    position += 1
    guard try peek() == UInt8(ascii: "u") else { throw .badString(offset: start) }
    position += 1
    let second = try fourHexDigits(start: start)
    guard 0xDC00...0xDFFF ~= second else { throw .badString(offset: start) }
    let code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    guard let scalar = Unicode.Scalar(code) else { throw .badString(offset: start) }
    return scalar
  }

  private mutating func fourHexDigits(start: Int) throws(JSONFault) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
        throw .badString(offset: start)
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}

// MARK: - Numbers

extension JSONParser {
  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = position
    if try peek() == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    try digits(start: start)
    if text[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
      throw .badNumber(offset: start)
    }
    var isInteger = true
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      isInteger = false
      try digits(start: start)
    }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      isInteger = false
      if position < text.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(text[position]) {
        position += 1
      }
      try digits(start: start)
    }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    if isInteger, let integer = Int(digits) { return .integer(integer) }
    guard let real = Double(digits), real.isFinite else { throw .badNumber(offset: start) }
    return .real(real)
  }

  /// Skips at least one digit.
  private mutating func digits(start: Int) throws(JSONFault) {
    let first = position
    while position < text.count, 0x30...0x39 ~= text[position] { position += 1 }
    guard position > first else {
      throw first == start
        ? .unexpected(expected: "a value", offset: start) : .badNumber(offset: start)
    }
  }
}
