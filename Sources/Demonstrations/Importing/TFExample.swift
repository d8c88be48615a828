internal import Files

/// A feature's values in a `tf.train.Example`.
package enum TFFeature: Sendable {
  case bytes([ArraySlice<UInt8>])
  case floats([Float])
  case ints([Int64])
}

/// A `tf.train.Example`: values by name.
///
/// The messages, from TensorFlow's public definition: Example { 1: Features }, Features { 1: map of
/// name (1) to Feature (2) }, Feature { 1: BytesList, 2: FloatList, 3: Int64List }, each list with
/// its values under 1, numbers packed or not.
package struct TFExample: Sendable {
  package private(set) var features: [String: TFFeature] = [:]

  /// - Throws: `RecordFault.notAnExample` when the bytes are another or no message.
  package init(_ bytes: [UInt8]) throws(RecordFault) {
    var example = ProtobufReader(bytes[...])
    while !example.isAtEnd {
      guard case (1, .bytes(let body)) = try example.field() else { continue }
      var map = ProtobufReader(body)
      while !map.isAtEnd {
        guard case (1, .bytes(let entry)) = try map.field() else { continue }
        try add(entry)
      }
    }
    guard !features.isEmpty else { throw .notAnExample }
  }

  private mutating func add(_ entry: ArraySlice<UInt8>) throws(RecordFault) {
    var cursor = ProtobufReader(entry)
    var name = ""
    var feature: TFFeature?
    while !cursor.isAtEnd {
      switch try cursor.field() {
      case (1, .bytes(let text)): name = String(decoding: text, as: UTF8.self)
      case (2, .bytes(let body)): feature = try TFExample.feature(body)
      default: break
      }
    }
    // A feature without a list is one without values.
    if let feature { features[name] = feature }
  }

  private static func feature(_ body: ArraySlice<UInt8>) throws(RecordFault) -> TFFeature? {
    var cursor = ProtobufReader(body)
    var feature: TFFeature?
    while !cursor.isAtEnd {
      switch try cursor.field() {
      case (1, .bytes(let list)): feature = .bytes(try byteStrings(list))
      case (2, .bytes(let list)): feature = .floats(try floats(list))
      case (3, .bytes(let list)): feature = .ints(try ints(list))
      default: break
      }
    }
    return feature
  }

  private static func byteStrings(_ list: ArraySlice<UInt8>) throws(RecordFault)
    -> [ArraySlice<UInt8>]
  {
    var cursor = ProtobufReader(list)
    var values: [ArraySlice<UInt8>] = []
    while !cursor.isAtEnd {
      if case (1, .bytes(let value)) = try cursor.field() { values.append(value) }
    }
    return values
  }

  private static func floats(_ list: ArraySlice<UInt8>) throws(RecordFault) -> [Float] {
    var cursor = ProtobufReader(list)
    var values: [Float] = []
    while !cursor.isAtEnd {
      switch try cursor.field() {
      case (1, .bytes(let packed)):
        var numbers = ProtobufReader(packed)
        while !numbers.isAtEnd { values.append(try numbers.float()) }
      case (1, .fixed32(let bits)): values.append(Float(bitPattern: bits))
      default: break
      }
    }
    return values
  }

  private static func ints(_ list: ArraySlice<UInt8>) throws(RecordFault) -> [Int64] {
    var cursor = ProtobufReader(list)
    var values: [Int64] = []
    while !cursor.isAtEnd {
      switch try cursor.field() {
      case (1, .bytes(let packed)):
        var numbers = ProtobufReader(packed)
        while !numbers.isAtEnd { values.append(try numbers.int64()) }
      case (1, .varint(let value)): values.append(Int64(bitPattern: value))
      default: break
      }
    }
    return values
  }
}

extension TFExample {
  /// Byte strings; an error says what is there instead.
  func byteStrings(_ key: String) throws(RecordFault) -> [ArraySlice<UInt8>] {
    guard case .bytes(let values) = try feature(key) else {
      throw .wrongKind(key, expected: "byte strings")
    }
    return values
  }

  /// Numbers of any kind, as doubles.
  func numbers(_ key: String) throws(RecordFault) -> [Double] {
    switch try feature(key) {
    case .floats(let values): return values.map(Double.init)
    case .ints(let values): return values.map(Double.init)
    case .bytes: throw .wrongKind(key, expected: "numbers")
    }
  }

  private func feature(_ key: String) throws(RecordFault) -> TFFeature {
    guard let feature = features[key] else {
      throw .missingFeature(key, present: Array(features.keys))
    }
    return feature
  }
}

extension ProtobufReader {
  /// The next field of a message that is not at its end.
  fileprivate mutating func field() throws(RecordFault) -> (number: Int, value: Value) {
    guard let field = try? next() else { throw .notAnExample }
    return field
  }

  /// The next of packed floats.
  fileprivate mutating func float() throws(RecordFault) -> Float {
    guard let bits = try? fixed32() else { throw .notAnExample }
    return Float(bitPattern: bits)
  }

  /// The next of packed integers.
  fileprivate mutating func int64() throws(RecordFault) -> Int64 {
    guard let bits = try? varint() else { throw .notAnExample }
    return Int64(bitPattern: bits)
  }
}
