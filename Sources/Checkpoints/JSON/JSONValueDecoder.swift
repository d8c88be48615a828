/// Which keys of which objects a `Decodable` type asked for.
final class KeyRecord {
  private var present: [String: [String]] = [:]
  private var asked: [String: Set<String>] = [:]

  func open(_ object: JSONObject, at path: [any CodingKey]) {
    present[path.dotted] = object.members.map(\.key.string)
  }

  func ask(_ key: String, at path: [any CodingKey]) {
    asked[path.dotted, default: []].insert(key)
  }

  /// The keys of opened objects that nobody asked for, as sorted paths.
  var unread: [String] {
    present.flatMap { path, keys in
      let asked = asked[path] ?? []
      return keys.filter { !asked.contains($0) }.map { path.isEmpty ? $0 : "\(path).\($0)" }
    }.sorted()
  }
}

/// Decodes from a parsed JSON value and remembers which keys were asked for.
struct JSONValueDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  let record: KeyRecord
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ value: JSONValue, path: [any CodingKey] = [], record: KeyRecord) {
    self.value = value
    codingPath = path
    self.record = record
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let object = value.object else { throw mismatch([String: Any].self, "an object") }
    record.open(object, at: codingPath)
    return KeyedDecodingContainer(
      KeyedJSONContainer(object: object, codingPath: codingPath, record: record))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let values = value.array else { throw mismatch([Any].self, "a list") }
    return UnkeyedJSONContainer(values: values, codingPath: codingPath, record: record)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  fileprivate func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
    let text = "\(expected) was expected, not \(value.kindName)"
    let context = DecodingError.Context(codingPath: codingPath, debugDescription: text)
    return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard let bool = value.bool else { throw mismatch(type, "true or false") }
    return bool
  }

  func decode(_ type: String.Type) throws -> String {
    guard let string = value.string else { throw mismatch(type, "a string") }
    return string
  }

  func decode(_ type: Double.Type) throws -> Double {
    guard let double = value.double else { throw mismatch(type, "a number") }
    return double
  }

  func decode(_ type: Float.Type) throws -> Float {
    guard let double = value.double else { throw mismatch(type, "a number") }
    return Float(double)
  }

  func decode(_ type: Int.Type) throws -> Int { try integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
  func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    // A name that is none of an enumeration's is met here, where the others can be told; the
    // standard library's own message names Swift's types.
    if let known = names(of: type), let string = value.string, !known.contains(string) {
      let expected = known.map { "'\($0)'" }.joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath,
          debugDescription: "one of \(expected) was expected, not '\(string)'"))
    }
    return try Value(from: self)
  }

  /// The names that an enumeration of strings knows; `nil` for any other type.
  private func names<Value>(of type: Value.Type) -> [String]? {
    func list<Name: CaseIterable & RawRepresentable<String>>(_ type: Name.Type) -> [String] {
      type.allCases.map(\.rawValue)
    }
    guard let named = type as? any (CaseIterable & RawRepresentable<String>).Type else {
      return nil
    }
    return list(named)
  }

  private func integer<Number: FixedWidthInteger>() throws -> Number {
    let number: Number? =
      switch value {
      case .integer(let integer): Number(exactly: integer)
      case .real(let real): Number(exactly: real)
      default: nil
      }
    guard let number else { throw mismatch(Number.self, "an integer that fits \(Number.self)") }
    return number
  }
}

private struct KeyedJSONContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: JSONObject
  let codingPath: [any CodingKey]
  let record: KeyRecord

  var allKeys: [Key] {
    object.members.compactMap { member in
      record.ask(member.key.string, at: codingPath)
      return Key(stringValue: member.key.string)
    }
  }

  func contains(_ key: Key) -> Bool {
    record.ask(key.stringValue, at: codingPath)
    return object.contains(key.stringValue)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder(key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    JSONValueDecoder(.object(object), path: codingPath, record: record)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

  private func decoder(_ key: Key) throws -> JSONValueDecoder {
    record.ask(key.stringValue, at: codingPath)
    guard object.contains(key.stringValue) else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "'\(key.stringValue)' is missing"))
    }
    return JSONValueDecoder(
      object[key.stringValue] ?? .null, path: codingPath + [key], record: record)
  }
}

private struct UnkeyedJSONContainer: UnkeyedDecodingContainer {
  let values: [JSONValue]
  let codingPath: [any CodingKey]
  let record: KeyRecord
  private(set) var currentIndex = 0

  init(values: [JSONValue], codingPath: [any CodingKey], record: KeyRecord) {
    self.values = values
    self.codingPath = codingPath
    self.record = record
  }

  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }

  mutating func decodeNil() throws -> Bool {
    guard try current().decodeNil() else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try Value(from: current())
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try current().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try current().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try current()
    currentIndex += 1
    return decoder
  }

  private func current() throws -> JSONValueDecoder {
    let path = codingPath + [IndexKey(currentIndex)]
    guard currentIndex < values.count else {
      throw DecodingError.valueNotFound(
        JSONValue.self, .init(codingPath: path, debugDescription: "the list is too short"))
    }
    return JSONValueDecoder(values[currentIndex], path: path, record: record)
  }
}

/// A place in a list.
private struct IndexKey: CodingKey {
  let index: Int

  init(_ index: Int) { self.index = index }
  init?(intValue: Int) { index = intValue }
  init?(stringValue: String) { nil }

  var intValue: Int? { index }
  var stringValue: String { "\(index)" }
}
