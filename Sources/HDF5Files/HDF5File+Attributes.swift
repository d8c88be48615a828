internal import CHDF5

/// The value of an attribute; arrays of any rank are flattened in row-major order.
package enum HDF5Value: Equatable, Sendable {
  case integer(Int64)
  /// An unsigned integer of eight bytes.
  case unsigned(UInt64)
  case real(Double)
  case text(String)
  case integers([Int64])
  case reals([Double])
  case texts([String])

  /// The text, where it is one.
  package var text: String? {
    switch self {
    case .text(let text): text
    case .texts(let texts): texts.count == 1 ? texts[0] : nil
    default: nil
    }
  }

  /// The whole number, where it is one that fits.
  package var integer: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    case .unsigned(let value): Int(exactly: value)
    case .real(let value): Int(exactly: value)
    case .integers(let values): values.count == 1 ? Int(exactly: values[0]) : nil
    default: nil
    }
  }

  /// The number, where it is one.
  package var real: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }
}

extension HDF5File {
  private static let attributeLimit = 1 << 26
  /// Each text of variable length is allocated by the library without a bound of ours.
  private static let variableTextLimit = 4096

  /// The value of the attribute `name` of the object at `path`, or `nil` when it has none.
  ///
  /// - Throws: `HDF5Error` when the object is missing, or the value is damaged, too large, or of
  ///   a type that is not read.
  package func attribute(_ name: String, of path: String) throws -> HDF5Value? {
    try Library.locked(for: filePath) {
      let object = try open(path)
      let exists = unsafe H5Aexists(object.raw, name)
      guard exists >= 0 else { throw damaged(path) }
      guard exists > 0 else { return nil }
      return try value(of: name, object: object, place: "\(path)@\(name)")
    }
  }

  private func value(
    of name: String, object: borrowing Identifier, place: String
  ) throws -> HDF5Value {
    let attribute = try Identifier(
      unsafe H5Aopen(object.raw, name, mole_h5_default()), closing: H5Aclose,
      orThrow: damaged(place))
    let space = try Identifier(
      H5Aget_space(attribute.raw), closing: H5Sclose, orThrow: damaged(place))
    let type = try Identifier(
      H5Aget_type(attribute.raw), closing: H5Tclose, orThrow: damaged(place))
    let shape = try extents(of: space, path: place)
    let facts = HDF5Type(describing: type.raw)
    let byteCount = product(shape + [max(facts.byteCount, 8)])
    guard let byteCount, byteCount <= HDF5File.attributeLimit, let count = product(shape) else {
      throw HDF5Error.tooLarge(
        place, file: filePath, byteCount: byteCount, limit: HDF5File.attributeLimit)
    }
    if case .text(let isVariable) = facts.content {
      let source = TextSource(
        owner: attribute.raw, fileType: type.raw, space: space.raw, count: count, path: place,
        isAttribute: true)
      let texts = try attributeTexts(source, isVariable, size: facts.byteCount)
      return shape.isEmpty && texts.count == 1 ? .text(texts[0]) : .texts(texts)
    }
    return try number(attribute, facts, count: count, isScalar: shape.isEmpty, place: place)
  }

  private func attributeTexts(
    _ source: TextSource, _ isVariable: Bool, size: Int
  ) throws -> [String] {
    guard source.count > 0 else { return [] }
    guard isVariable else { return try fixedTexts(source, size: size) }
    guard source.count <= HDF5File.variableTextLimit else {
      throw HDF5Error.tooLarge(
        source.path, file: filePath, byteCount: nil, limit: HDF5File.variableTextLimit)
    }
    return try variableTexts(source, limit: HDF5File.attributeLimit)
  }

  private func number(
    _ attribute: borrowing Identifier, _ facts: HDF5Type, count: Int, isScalar: Bool,
    place: String
  ) throws -> HDF5Value {
    switch facts.content {
    case .integer(signed: false) where facts.byteCount == 8 && isScalar:
      return .unsigned(try numbers(attribute, count, place)[0])
    case .integer(let isSigned) where facts.byteCount < 8 || (isSigned && facts.byteCount == 8):
      return wrap(try numbers(attribute, count, place), isScalar)
    case .boolean:
      return wrap(try numbers(attribute, count, place), isScalar)
    case .real:
      let values: [Double] = try numbers(attribute, count, place)
      return isScalar && count == 1 ? .real(values[0]) : .reals(values)
    default:
      throw HDF5Error.wrongType(
        place, file: filePath, expected: "numbers or texts", found: facts.description)
    }
  }

  private func wrap(_ values: [Int64], _ isScalar: Bool) -> HDF5Value {
    isScalar && values.count == 1 ? .integer(values[0]) : .integers(values)
  }

  private func numbers<Element: HDF5Element>(
    _ attribute: borrowing Identifier, _ count: Int, _ place: String
  ) throws -> [Element] {
    let raw = attribute.raw
    guard count > 0 else { return [] }
    return try unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard unsafe H5Aread(raw, Element.elementKind.native, buffer.baseAddress) >= 0 else {
        throw damaged(place)
      }
      initialized = count
    }
  }
}
