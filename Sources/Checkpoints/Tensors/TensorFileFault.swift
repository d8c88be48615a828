/// What is wrong with a safetensors file.
package enum TensorFileFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// Shorter than the eight bytes of the header's length.
  case tooShort(byteCount: Int)
  case headerTooLong(UInt64, limit: Int)
  case headerPastEnd(headerByteCount: Int, fileByteCount: Int)
  case header(JSONFault)
  case headerNotObject
  case metadataNotStrings
  /// An entry lacks a field, or one has the wrong type.
  case badEntry(tensor: String, field: String)
  case unknownElementType(tensor: String, name: String)
  case badShape(tensor: String)
  case wrongByteCount(tensor: String, expected: Int, found: Int)
  /// A gap or an overlap before the tensor.
  case notContiguous(tensor: String, expectedStart: Int, start: Int)
  case wrongDataByteCount(described: Int, found: Int)

  package var description: String {
    switch self {
    case .tooShort(let byteCount):
      "it has \(byteCount) bytes, but the length of its header alone takes 8"
    case .headerTooLong(let length, let limit):
      "its header claims \(length) bytes, more than the \(limit) allowed"
    case .headerPastEnd(let header, let file):
      "its header claims \(header) bytes, but the file has \(file)"
    case .header(let fault):
      "its header is not JSON (\(fault))"
    case .headerNotObject:
      "its header is not a JSON object"
    case .metadataNotStrings:
      "its '__metadata__' is not an object of strings"
    case .badEntry(let tensor, let field):
      "the header's entry '\(tensor)' has no proper '\(field)'"
    case .unknownElementType(let tensor, let name):
      "'\(tensor)' has the element type '\(name)', but only "
        + ElementType.allCases.map(\.rawValue).joined(separator: ", ") + " are read"
    case .badShape(let tensor):
      "'\(tensor)' has a shape with a negative side or too many elements"
    case .wrongByteCount(let tensor, let expected, let found):
      "'\(tensor)' needs \(expected) bytes for its shape, but its offsets span \(found)"
    case .notContiguous(let tensor, let expectedStart, let start):
      "'\(tensor)' starts at byte \(start) of the data, but \(expectedStart) was expected, without"
        + " gap or overlap"
    case .wrongDataByteCount(let described, let found):
      "its header describes \(described) bytes of data, but \(found) follow it"
    }
  }
}
