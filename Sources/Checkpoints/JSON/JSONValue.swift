/// A parsed JSON text.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number written without fraction or exponent that fits `Int`.
  case integer(Int)
  case real(Double)
  case string(ByteString)
  case array([JSONValue])
  case object(JSONObject)

  /// What the value is, for error messages.
  package var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .real: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  package var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  package var array: [JSONValue]? {
    if case .array(let array) = self { array } else { nil }
  }

  package var bytes: ByteString? {
    if case .string(let bytes) = self { bytes } else { nil }
  }

  package var string: String? { bytes?.string }

  package var integer: Int? {
    if case .integer(let integer) = self { integer } else { nil }
  }

  package var double: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .real(let real): real
    default: nil
    }
  }

  package var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }
}

/// A JSON object that keeps the order of its members; no key appears twice.
package struct JSONObject: Equatable, Sendable {
  package private(set) var members: [(key: ByteString, value: JSONValue)] = []
  private var positions: [ByteString: Int] = [:]

  package init() {}

  /// Appends a member.
  ///
  /// - Returns: False, and nothing appended, when the key is there already.
  package mutating func append(_ key: ByteString, _ value: JSONValue) -> Bool {
    guard positions.updateValue(members.count, forKey: key) == nil else { return false }
    members.append((key, value))
    return true
  }

  /// Gives the member named `key` this value, at its place or, where it is new, at the end.
  package mutating func set(_ key: ByteString, _ value: JSONValue) {
    guard let position = positions[key] else {
      positions[key] = members.count
      members.append((key, value))
      return
    }
    members[position].value = value
  }

  /// The member named `key`; nil when there is none or it is `null`.
  package subscript(key: String) -> JSONValue? {
    guard let position = positions[ByteString(key)] else { return nil }
    let value = members[position].value
    return value == .null ? nil : value
  }

  /// Whether a member is there, `null` included.
  package func contains(_ key: String) -> Bool { positions[ByteString(key)] != nil }

  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.elementsEqual(right.members) { $0.key == $1.key && $0.value == $1.value }
  }
}
