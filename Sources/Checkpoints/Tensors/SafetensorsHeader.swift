/// The checked header of a safetensors file: an 8-byte little-endian length, then JSON, then the
/// tensors' bytes back to back (https://huggingface.co/docs/safetensors).
struct SafetensorsHeader: Equatable, Sendable {
  /// What the format's own library allows.
  static let byteLimit = 100_000_000
  static let lengthByteCount = 8

  /// In the order of their data, from whose start their ranges count.
  private(set) var entries: [TensorEntry] = []
  private(set) var metadata: [String: String] = [:]

  /// Checks the length that a file claims for its header.
  ///
  /// - Returns: The header's length in bytes; with the length itself it lies within the file.
  static func byteCount(
    lengthField: [UInt8], fileByteCount: Int
  ) throws(TensorFileFault) -> Int {
    guard lengthField.count == lengthByteCount else {
      throw .tooShort(byteCount: fileByteCount)
    }
    let length = lengthField.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= byteLimit else { throw .headerTooLong(length, limit: byteLimit) }
    guard Int(length) <= fileByteCount - lengthByteCount else {
      throw .headerPastEnd(headerByteCount: Int(length), fileByteCount: fileByteCount)
    }
    return Int(length)
  }

  /// Parses and checks the header.
  ///
  /// - Parameters:
  ///   - text: The JSON, without the length before it.
  ///   - dataByteCount: The bytes of the file after the header.
  init(_ text: [UInt8], dataByteCount: Int) throws(TensorFileFault) {
    guard text.first == UInt8(ascii: "{") else { throw .headerNotObject }
    let parsed: JSONValue
    do throws(JSONFault) {
      parsed = try JSONParser.parse(text, depthLimit: 8)
    } catch {
      throw .header(error)
    }
    guard let object = parsed.object else { throw .headerNotObject }
    for (key, value) in object.members {
      if key == "__metadata__" {
        metadata = try Self.metadata(value)
      } else {
        entries.append(try Self.entry(key.string, value))
      }
    }
    try arrange(dataByteCount: dataByteCount)
  }

  private static func metadata(_ value: JSONValue) throws(TensorFileFault) -> [String: String] {
    guard let object = value.object else { throw .metadataNotStrings }
    var metadata: [String: String] = [:]
    for (key, value) in object.members {
      guard let text = value.string else { throw .metadataNotStrings }
      metadata[key.string] = text
    }
    return metadata
  }

  private static func entry(
    _ name: String, _ value: JSONValue
  ) throws(TensorFileFault) -> TensorEntry {
    guard let object = value.object else { throw .badEntry(tensor: name, field: "dtype") }
    guard let typeName = object["dtype"]?.string else {
      throw .badEntry(tensor: name, field: "dtype")
    }
    guard let type = ElementType(rawValue: typeName) else {
      throw .unknownElementType(tensor: name, name: typeName)
    }
    let shape = try integers(object, "shape", tensor: name)
    let offsets = try integers(object, "data_offsets", tensor: name)
    guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0] else {
      throw .badEntry(tensor: name, field: "data_offsets")
    }
    guard let byteCount = type.byteCount(ofShape: shape) else { throw .badShape(tensor: name) }
    guard offsets[1] - offsets[0] == byteCount else {
      throw .wrongByteCount(tensor: name, expected: byteCount, found: offsets[1] - offsets[0])
    }
    return TensorEntry(
      name: name, elementType: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func integers(
    _ object: JSONObject, _ field: String, tensor: String
  ) throws(TensorFileFault) -> [Int] {
    guard let list = object[field]?.array else { throw .badEntry(tensor: tensor, field: field) }
    var integers: [Int] = []
    for value in list {
      guard let integer = value.integer else { throw .badEntry(tensor: tensor, field: field) }
      integers.append(integer)
    }
    return integers
  }

  /// Sorts the entries by place and checks that they cover the data once, without a gap.
  private mutating func arrange(dataByteCount: Int) throws(TensorFileFault) {
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw .notContiguous(
          tensor: entry.name, expectedStart: end, start: entry.range.lowerBound)
      }
      end = entry.range.upperBound
    }
    guard end == dataByteCount else {
      throw .wrongDataByteCount(described: end, found: dataByteCount)
    }
  }
}
