internal import Checkpoints

/// The keys of one object of a published configuration, by type.
///
/// A key that is `null` counts as absent, as in Python's `getattr(config, key, None)`.
struct PublishedFields {
  let object: JSONObject
  /// The file's path, for messages.
  let path: String
  /// What stands before the object's keys in messages, such as `text_config.`.
  var prefix = ""

  private var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

  func integer(_ key: String) throws -> Found<Int>? {
    try read(key, "a whole number", \.integer)
  }

  func float(_ key: String) throws -> Found<Float>? {
    try read(key, "a number") { $0.double.map { Float($0) } }
  }

  func bool(_ key: String) throws -> Found<Bool>? { try read(key, "true or false", \.bool) }

  func string(_ key: String) throws -> Found<String>? { try read(key, "a string", \.string) }

  func strings(_ key: String) throws -> Found<[String]>? {
    try read(key, "a list of strings") { value in
      let strings = value.array?.map(\.string)
      return strings?.contains { $0 == nil } == true ? nil : strings?.compactMap(\.self)
    }
  }

  func integers(_ key: String) throws -> Found<[Int]>? {
    try read(key, "a list of whole numbers") { value in
      let numbers = value.array?.map(\.integer)
      return numbers?.contains { $0 == nil } == true ? nil : numbers?.compactMap(\.self)
    }
  }

  func floats(_ key: String) throws -> Found<[Float]>? {
    try read(key, "a list of numbers", floatList)
  }

  /// A list of lists, such as one mean a tower.
  func floatLists(_ key: String) throws -> Found<[[Float]]>? {
    try read(key, "a list of lists of numbers") { value in
      let lists = value.array?.map(floatList)
      return lists?.contains { $0 == nil } == true ? nil : lists?.compactMap(\.self)
    }
  }

  func nested(_ key: String) throws -> PublishedFields? {
    try read(key, "an object", \.object).map {
      PublishedFields(object: $0.value, path: path, prefix: "\(prefix)\(key).")
    }
  }

  /// Refuses a value that is neither absent nor among those that are supported.
  func require(_ key: String, among supported: [JSONValue]) throws {
    guard let value = object[key], !supported.contains(value) else { return }
    throw unsupported(
      key, expected: supported.map(\.sentenceText).joined(separator: " or "))
  }

  /// Refuses a key that is there.
  func requireAbsent(_ key: String) throws {
    guard object[key] != nil else { return }
    throw unsupported(key, expected: "none")
  }

  /// - Parameter expected: What is supported in its place.
  func unsupported(_ key: String, expected: String) -> PolicyError {
    .unsupportedDetail(
      file: path, key: prefix + key, value: object[key]?.sentenceText ?? "none",
      expected: expected)
  }

  func missing(_ key: String, expected: String) -> CheckpointError {
    .wrongValue(file: path, keyPath: prefix + key, reason: "\(expected) was expected")
  }

  private func read<Value>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws -> Found<Value>? {
    guard let value = object[key] else { return nil }
    guard let converted = convert(value) else {
      throw CheckpointError.wrongValue(
        file: path, keyPath: prefix + key,
        reason: "\(expected) was expected, not \(value.kindName)")
    }
    return Found(value: converted, origin: .key(prefix + key, file: fileName))
  }
}

private func floatList(_ value: JSONValue) -> [Float]? {
  let numbers = value.array?.map(\.double)
  return numbers?.contains { $0 == nil } == true
    ? nil : numbers?.compactMap(\.self).map { Float($0) }
}

extension JSONValue {
  /// The value in a sentence; what is long is only named.
  var sentenceText: String {
    switch self {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .integer(let integer): "\(integer)"
    case .real(let real): "\(real)"
    case .string(let text): "'\(text.string.prefix(80))'"
    case .array(let values):
      values.count > 6 ? "a list" : "[\(values.map(\.sentenceText).joined(separator: ", "))]"
    case .object(let object):
      object.members.count > 6
        ? "an object"
        : "{\(object.members.map { "\($0.key.string): \($0.value.sentenceText)" }.joined(separator: ", "))}"
    }
  }
}
