package import Foundation

/// Configuration files: JSON from outside, size-limited, with errors that name file and key.
package enum JSONFile {
  /// Enough for configurations with the statistics of many data sets.
  package static let usualByteLimit = 64_000_000

  /// What to do with a key that the type never asks for.
  package enum UnknownKeys: Sendable {
    case allowed
    case refused
  }

  /// Reads a value.
  ///
  /// - Parameters:
  ///   - type: What the file holds.
  ///   - url: The file.
  ///   - unknownKeys: Whether keys that `type` does not read are an error.
  ///   - byteLimit: The largest file to read.
  /// - Throws: `CheckpointError`: missing, unreadable, too large, malformed, wrong value.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from url: URL, unknownKeys: UnknownKeys = .allowed,
    byteLimit: Int = usualByteLimit
  ) throws -> Value {
    try decode(
      type, from: value(url, byteLimit: byteLimit), named: url.path, unknownKeys: unknownKeys)
  }

  /// Reads a value out of JSON that is parsed already.
  ///
  /// - Parameter name: What to call the text in messages.
  /// - Throws: `CheckpointError`: wrong value, unknown keys.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from parsed: JSONValue, named name: String,
    unknownKeys: UnknownKeys = .allowed
  ) throws -> Value {
    let record = KeyRecord()
    let decoded: Value
    do {
      decoded = try Value(from: JSONValueDecoder(parsed, record: record))
    } catch let error as DecodingError {
      throw CheckpointError.wrongValue(file: name, keyPath: error.keyPath, reason: error.clause)
    }
    let unread = record.unread
    guard unknownKeys == .allowed || unread.isEmpty else {
      throw CheckpointError.unknownKeys(file: name, keys: unread)
    }
    return decoded
  }

  /// A value as parsed JSON, keys sorted.
  ///
  /// - Throws: `EncodingError` for a number that JSON cannot hold.
  package static func value(encoding value: some Encodable) throws -> JSONValue {
    try JSONParser.parse(Array(text(value).utf8))
  }

  /// Reads a file without a type.
  ///
  /// - Throws: `CheckpointError`: missing, unreadable, too large, malformed.
  package static func value(_ url: URL, byteLimit: Int = usualByteLimit) throws -> JSONValue {
    let bytes = try CheckpointFile.read(url, limit: byteLimit)
    do throws(JSONFault) {
      return try JSONParser.parse(bytes)
    } catch {
      throw CheckpointError.malformedJSON(file: url.path, fault: error)
    }
  }

  /// Writes a value with sorted keys; the file gets its name when it is complete.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  package static func write(_ value: some Encodable, to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data: Data
    do {
      data = try encoder.encode(value)
    } catch {
      throw CheckpointError.cannotWrite(url.path, reason: "it has a value that JSON cannot hold")
    }
    try CheckpointFile.write(Array(data) + [UInt8(ascii: "\n")], to: url)
  }

  /// A value as compact JSON with sorted keys.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension DecodingError {
  private var context: Context? {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context
    @unknown default: nil
    }
  }

  /// The way to the value, such as `text_config.hidden_size`.
  fileprivate var keyPath: String { context?.codingPath.dotted ?? "" }

  fileprivate var clause: String {
    switch self {
    case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case .valueNotFound: "a value was expected, not null"
    default: context?.debugDescription ?? "it cannot be read"
    }
  }
}

extension [any CodingKey] {
  /// The keys joined by dots.
  var dotted: String { map(\.stringValue).joined(separator: ".") }
}
