/// A Python value read from a pickle; nothing in it can run.
package indirect enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer beyond 64 bits, as the nearest double.
  case largeInt(Double)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([PickleValue])
  case tuple([PickleValue])
  case set([PickleValue])
  case dict([PickleEntry])
  case array(NumPyArray)
  case elementType(NumPyElementType)
  case global(PickleGlobal)
  case object(PickleObject)
  /// What the pickle says of a value that lies outside of it (a persistent id).
  case external(PickleValue)
}

/// A key and its value, in the order of the pickle.
package struct PickleEntry: Sendable {
  package var key: PickleValue
  package var value: PickleValue
}

/// An instance of an allow-listed class: its class, the arguments of its making, its state.
package struct PickleObject: Sendable {
  package var type: PickleGlobal
  package var arguments: [PickleValue]
  package var state: PickleValue?
}

extension PickleValue {
  /// The value under a string key of a dictionary, or an attribute of an object.
  package subscript(name: String) -> PickleValue? {
    switch self {
    case .dict(let entries):
      // As in Python, a later entry replaces an earlier one.
      entries.last { $0.key.string == name }?.value
    case .object(let object): object.state?[name]
    default: nil
    }
  }

  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The items of a list or tuple.
  package var items: [PickleValue]? {
    switch self {
    case .list(let items), .tuple(let items): items
    default: nil
    }
  }

  package var int: Int? {
    switch self {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// A number, or the one element of an array.
  package var double: Double? {
    switch self {
    case .int(let value): Double(value)
    case .bool(let value): value ? 1 : 0
    case .float(let value), .largeInt(let value): value
    case .array(let array) where array.count == 1: array.doubles.first
    default: nil
    }
  }

  /// The numbers of an array (in C order), list or tuple.
  package var doubles: [Double]? {
    if case .array(let array) = self { return array.doubles }
    guard let items else { return nil }
    let numbers = items.compactMap(\.double)
    return numbers.count == items.count ? numbers : nil
  }

  /// Bytes, also where Python 2 or an old protocol wrote them as text.
  var rawBytes: [UInt8]? {
    switch self {
    case .bytes(let bytes): bytes
    case .string(let text): PickleValue.latin1(text)
    default: nil
    }
  }

  /// The bytes of a text whose characters all lie below 256.
  static func latin1(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
