/// What an allowed global makes of its arguments and state: values only, computed here.
struct PickleCall {
  var global: PickleGlobal
  /// What the reader's vocabulary says of it.
  var role: PickleVocabulary.Role?
  var arguments: [PickleValue]
  var state: PickleValue?

  var value: PickleValue {
    get throws(PickleFault) {
      switch role {
      case .reconstructArray: .array(try reconstructedArray())
      case .arrayFromBuffer: .array(try arrayFromBuffer())
      case .scalar: try scalar()
      case .elementType: .elementType(try elementType())
      case .encode: .bytes(try encodedText())
      case .list: .list(try content())
      case .tuple: .tuple(try content())
      case .set: .set(try content())
      case .dict: .dict(try entries())
      case .bytes: .bytes(try byteString())
      case .record:
        .object(PickleObject(type: global, arguments: arguments, state: state))
      case .arrayType, .reconstructObject, .plainObject, .symbol, nil:
        throw .wrongOperand("the call of '\(global)'")
      }
    }
  }

  /// Pairs up keys and values that follow each other; an odd one out has no value and is left out.
  static func entries(alternating values: [PickleValue]) -> [PickleEntry] {
    stride(from: 0, to: values.count - 1, by: 2).map {
      PickleEntry(key: values[$0], value: values[$0 + 1])
    }
  }

  private var wrongArguments: PickleFault { .wrongOperand("the arguments of '\(global)'") }

  /// State: (version, shape, element type, whether in Fortran order, bytes).
  private func reconstructedArray() throws(PickleFault) -> NumPyArray {
    guard let fields = state?.items, fields.count >= 4, let shape = fields[fields.count - 4].items,
      case .elementType(let type) = fields[fields.count - 3],
      let inFortranOrder = fields[fields.count - 2].int
    else { throw .badArray("without a state that NumPy would write") }
    return try array(
      type: type, shape: shape, inFortranOrder: inFortranOrder != 0,
      data: fields[fields.count - 1])
  }

  /// Arguments: buffer, element type, shape, "C" or "F".
  private func arrayFromBuffer() throws(PickleFault) -> NumPyArray {
    guard arguments.count == 4, case .elementType(let type) = arguments[1],
      let shape = arguments[2].items, let order = arguments[3].string
    else { throw wrongArguments }
    return try array(type: type, shape: shape, inFortranOrder: order == "F", data: arguments[0])
  }

  private func array(
    type: NumPyElementType, shape: [PickleValue], inFortranOrder: Bool, data: PickleValue
  ) throws(PickleFault) -> NumPyArray {
    let lengths = shape.compactMap(\.int)
    guard lengths.count == shape.count else { throw .badArray("of no integral shape") }
    guard let bytes = data.rawBytes else { throw .unsupported("NumPy arrays of objects") }
    return try NumPyArray(
      type: type, shape: lengths, inFortranOrder: inFortranOrder, bytes: bytes)
  }

  /// Arguments: element type, bytes of one element.
  private func scalar() throws(PickleFault) -> PickleValue {
    guard arguments.count == 2, case .elementType(let type) = arguments[0],
      let bytes = arguments[1].rawBytes
    else { throw wrongArguments }
    let array = try NumPyArray(type: type, shape: [], inFortranOrder: false, bytes: bytes)
    guard let value = array.doubles.first else { throw wrongArguments }
    switch type.kind {
    case .float: return .float(value)
    case .bool: return .bool(value != 0)
    case .signed, .unsigned: return Int(exactly: value).map { .int($0) } ?? .largeInt(value)
    }
  }

  /// First argument: a code such as "f8"; state: (version, byte order, …).
  private func elementType() throws(PickleFault) -> NumPyElementType {
    guard let code = arguments.first?.string else { throw wrongArguments }
    let order = state?.items.flatMap { $0.count > 1 ? $0[1].string : nil }
    return try NumPyElementType(code: code, byteOrder: order ?? "<")
  }

  /// `_codecs.encode(text, "latin1")`: how old protocols write bytes.
  private func encodedText() throws(PickleFault) -> [UInt8] {
    guard arguments.count == 2, let text = arguments[0].string,
      ["latin1", "latin-1"].contains(arguments[1].string),
      let bytes = PickleValue.latin1(text)
    else { throw wrongArguments }
    return bytes
  }

  private func content() throws(PickleFault) -> [PickleValue] {
    guard let first = arguments.first else { return [] }
    guard arguments.count == 1 else { throw wrongArguments }
    if case .set(let items) = first { return items }
    guard let items = first.items else { throw wrongArguments }
    return items
  }

  private func entries() throws(PickleFault) -> [PickleEntry] {
    if case .dict(let entries)? = arguments.first { return entries }
    var entries: [PickleEntry] = []
    for pair in try content() {
      guard let items = pair.items, items.count == 2 else { throw wrongArguments }
      entries.append(PickleEntry(key: items[0], value: items[1]))
    }
    return entries
  }

  /// `bytes()`, `bytearray(bytes)` or `bytearray(text, "latin-1")`.
  private func byteString() throws(PickleFault) -> [UInt8] {
    guard let first = arguments.first else { return [] }
    guard let bytes = first.rawBytes else { throw wrongArguments }
    return bytes
  }
}
