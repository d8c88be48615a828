internal import CHDF5

/// The element types that are read and written.
package enum HDF5ElementKind: String, Sendable {
  case float32, float64
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64

  /// The type in this machine's memory; call it inside the library's lock.
  var native: hid_t {
    switch self {
    case .float32: mole_h5_native_float()
    case .float64: mole_h5_native_double()
    case .int8: mole_h5_native_int8()
    case .int16: mole_h5_native_int16()
    case .int32: mole_h5_native_int32()
    case .int64: mole_h5_native_int64()
    case .uint8: mole_h5_native_uint8()
    case .uint16: mole_h5_native_uint16()
    case .uint32: mole_h5_native_uint32()
    case .uint64: mole_h5_native_uint64()
    }
  }

  var byteCount: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  private var isReal: Bool { self == .float32 || self == .float64 }
  private var isSigned: Bool { rawValue.hasPrefix("int") }

  /// Whether every value of `type` keeps its meaning when read as this type.
  ///
  /// Numbers may become reals (with rounding); integers only wider integers, as the library
  /// would clip them silently.
  func canHold(_ type: HDF5Type) -> Bool {
    switch type.content {
    case .real: return isReal
    case .boolean: return true
    case .integer(let fileIsSigned):
      if isReal { return true }
      if fileIsSigned == isSigned { return type.byteCount <= byteCount }
      return isSigned && type.byteCount < byteCount
    case .text, .other: return false
    }
  }
}

/// A Swift number that an HDF5 dataset can be read into or written from.
package protocol HDF5Element: BitwiseCopyable, Sendable {
  static var elementKind: HDF5ElementKind { get }
}

extension Float: HDF5Element { package static var elementKind: HDF5ElementKind { .float32 } }
extension Double: HDF5Element { package static var elementKind: HDF5ElementKind { .float64 } }
extension Int8: HDF5Element { package static var elementKind: HDF5ElementKind { .int8 } }
extension Int16: HDF5Element { package static var elementKind: HDF5ElementKind { .int16 } }
extension Int32: HDF5Element { package static var elementKind: HDF5ElementKind { .int32 } }
extension Int64: HDF5Element { package static var elementKind: HDF5ElementKind { .int64 } }
extension UInt8: HDF5Element { package static var elementKind: HDF5ElementKind { .uint8 } }
extension UInt16: HDF5Element { package static var elementKind: HDF5ElementKind { .uint16 } }
extension UInt32: HDF5Element { package static var elementKind: HDF5ElementKind { .uint32 } }
extension UInt64: HDF5Element { package static var elementKind: HDF5ElementKind { .uint64 } }

/// The element type that a file declares.
package struct HDF5Type: Equatable, Sendable, CustomStringConvertible {
  package enum Content: Equatable, Sendable {
    case integer(signed: Bool)
    case real
    /// h5py's truth values: an enumeration of one byte.
    case boolean
    case text(variable: Bool)
    /// Something we do not read, by its name.
    case other(String)
  }

  package let content: Content
  /// The size of one element in the file.
  package let byteCount: Int
  package let isBigEndian: Bool

  /// A short name in numpy's manner, such as `float64` or `uint16 (big-endian)`.
  package var description: String {
    let suffix = isBigEndian && byteCount > 1 ? " (big-endian)" : ""
    let (bits, overflow) = byteCount.multipliedReportingOverflow(by: 8)
    let width = overflow ? "?" : String(bits)
    switch content {
    case .integer(let signed): return (signed ? "int" : "uint") + width + suffix
    case .real: return "float" + width + suffix
    case .boolean: return "bool"
    case .text(variable: true): return "string"
    case .text(variable: false): return "string of \(byteCount) bytes"
    case .other(let name): return name
    }
  }

  package var isText: Bool {
    if case .text = content { true } else { false }
  }

  /// Describes an open type; call it inside the library's lock.
  init(describing type: hid_t) {
    byteCount = Int(clamping: H5Tget_size(type))
    isBigEndian = H5Tget_order(type) == H5T_ORDER_BE
    switch H5Tget_class(type) {
    case H5T_INTEGER: content = .integer(signed: H5Tget_sign(type) == H5T_SGN_2)
    case H5T_FLOAT: content = .real
    case H5T_STRING: content = .text(variable: H5Tis_variable_str(type) > 0)
    case H5T_ENUM: content = byteCount == 1 ? .boolean : .other("an enumeration")
    case H5T_COMPOUND: content = .other("compound records")
    case H5T_ARRAY: content = .other("arrays")
    case H5T_VLEN: content = .other("variable-length sequences")
    case H5T_REFERENCE: content = .other("references")
    case H5T_OPAQUE: content = .other("opaque bytes")
    case H5T_BITFIELD: content = .other("bit fields")
    default: content = .other("an unknown type")
    }
  }
}
