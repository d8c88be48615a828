internal import Checkpoints
internal import Yams

/// YAML as the tree that JSON has too.
enum YAMLTree {
  /// A node with everything below it; plain words that are no number, truth or null are text.
  static func value(_ node: Node) -> JSONValue {
    switch node {
    case .scalar(let scalar):
      return scalar.style == .plain || scalar.style == .any
        ? word(scalar.string) : .string(ByteString(scalar.string))
    case .sequence(let sequence): return .array(sequence.map(value))
    case .mapping(let mapping):
      var object = JSONObject()
      for (key, member) in mapping {
        object.set(ByteString(key.scalar?.string ?? ""), value(member))
      }
      return .object(object)
    case .alias: return .null
    }
  }

  /// A word without quotes.
  static func word(_ text: String) -> JSONValue {
    switch text {
    case "", "~", "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default: break
    }
    let isNumber = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    if isNumber, let whole = Int(text) { return .integer(whole) }
    if isNumber, let number = Double(text), number.isFinite { return .real(number) }
    return .string(ByteString(text))
  }

  /// A mapping's members, one a line, in the order that is given and then by name.
  static func text(_ object: JSONObject, order: [String]) -> String {
    let members = object.members.map { ($0.key.string, $0.value) }.sorted { first, second in
      let place = { (key: String) in order.firstIndex(of: key) ?? order.count }
      return (place(first.0), first.0) < (place(second.0), second.0)
    }
    return members.map { "\($0.0): \(flow($0.1))\n" }.joined()
  }

  /// A value on one line.
  private static func flow(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .integer(let whole): "\(whole)"
    case .real(let number): "\(number)"
    case .string(let text): quoted(text.string)
    case .array(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
    case .object(let object):
      "{"
        + object.members.map { "\($0.key.string): \(flow($0.value))" }.joined(separator: ", ")
        + "}"
    }
  }

  /// Words that nothing could take for anything else stay without quotes.
  private static func quoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "-_./".utf8.contains(byte)
    }
    if plain, case .string = word(text), !text.hasPrefix("-") { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      // What our own reader takes for structure wherever it stands.
      case "&", "*", "[", "{": quoted += "\\x" + String(scalar.value, radix: 16)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        quoted += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
