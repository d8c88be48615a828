internal import Pickles

extension TorchTensor {
  /// - Parameter arguments: Those of `torch._utils._rebuild_tensor_v2`: storage, first element,
  ///   shape, strides, …; the third version has the element type at the end.
  init(_ arguments: [PickleValue], name: String) throws(TorchFileFault) {
    guard arguments.count >= 4, case .external(let description) = arguments[0],
      let storage = TorchStorage(description), let offset = arguments[1].int, offset >= 0,
      let shape = Self.integers(arguments[2]), let strides = Self.integers(arguments[3]),
      shape.count == strides.count
    else { throw .badTensor(name, reason: "is not described as PyTorch does") }
    let type = try storage.elementType(arguments.count > 6 ? arguments[6] : nil, tensor: name)
    guard let byteCount = type.byteCount(ofShape: shape) else {
      throw .badTensor(name, reason: "has the impossible shape \(shape)")
    }
    guard Self.isContiguous(shape, strides) else { throw .unsupported(name, .notContiguous) }
    let (start, overflow) = offset.multipliedReportingOverflow(by: type.byteCount)
    guard let storageByteCount = storage.byteCount(elementWidth: type.byteCount), !overflow,
      byteCount <= storageByteCount, start <= storageByteCount - byteCount
    else { throw .badTensor(name, reason: "reaches beyond its storage '\(storage.key)'") }
    self.init(
      name: name, elementType: type, shape: shape, storage: storage.key,
      storageByteCount: storageByteCount, range: start..<start + byteCount)
  }

  private static func integers(_ value: PickleValue) -> [Int]? {
    guard let items = value.items else { return nil }
    let integers = items.compactMap(\.int)
    return integers.count == items.count ? integers : nil
  }

  /// Whether the elements lie one after another, last index fastest; the stride of a side of one
  /// element says nothing.
  ///
  /// - Precondition: The shape's product fits `Int`.
  private static func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
    guard !shape.contains(0) else { return true }
    var expected = 1
    for (side, stride) in zip(shape, strides).reversed() where side > 1 {
      guard stride == expected else { return false }
      expected *= side
    }
    return true
  }
}

/// A storage as a pickle refers to it: ("storage", type, name, device, number of elements).
struct TorchStorage {
  static let types: [String: ElementType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
  ]
  /// The same types by the names of single elements.
  static let elementTypes: [String: ElementType] = [
    "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16,
    "int64": .int64, "int32": .int32, "int16": .int16, "int8": .int8, "uint8": .uint8,
    "bool": .bool,
  ]
  static let unsupportedTypes = [
    "ComplexFloatStorage", "ComplexDoubleStorage", "QInt8Storage", "QUInt8Storage",
    "QInt32Storage", "QUInt4x2Storage", "QUInt2x4Storage",
  ]
  static let unsupportedElementTypes = [
    "complex32", "complex64", "complex128", "qint8", "quint8", "qint32", "quint4x2", "quint2x4",
    "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz",
    "float8_e5m2fnuz", "float8_e8m0fnu", "float4_e2m1fn_x2",
  ]
  static let quantizationSchemes = [
    "per_tensor_affine", "per_channel_affine", "per_tensor_symmetric", "per_channel_symmetric",
    "per_channel_affine_float_qparams",
  ]

  private let type: String
  let key: String
  private let count: Int

  init?(_ description: PickleValue) {
    guard let fields = description.items, fields.count >= 5, fields[0].string == "storage",
      case .global(let type) = fields[1], let key = fields[2].string, let count = fields[4].int,
      count >= 0
    else { return nil }
    (self.type, self.key, self.count) = (type.name, key, count)
  }

  /// - Parameter named: The element type where the storage has none of its own.
  func elementType(
    _ named: PickleValue?, tensor: String
  ) throws(TorchFileFault) -> ElementType {
    if let type = Self.types[type] { return type }
    if type.hasPrefix("Complex") { throw .unsupported(tensor, .complex) }
    guard type == "UntypedStorage", case .global(let global)? = named else {
      throw .unsupported(tensor, .elementType(type))
    }
    guard let type = Self.elementTypes[global.name] else {
      throw .unsupported(tensor, .elementType(global.description))
    }
    return type
  }

  /// `nil` when the number does not fit. An untyped storage counts bytes.
  func byteCount(elementWidth: Int) -> Int? {
    let width = type == "UntypedStorage" ? 1 : elementWidth
    let (product, overflow) = count.multipliedReportingOverflow(by: width)
    return overflow ? nil : product
  }
}
