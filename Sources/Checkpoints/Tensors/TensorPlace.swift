internal import Files

/// Where a tensor goes in a file that is being written; several threads may write different pieces
/// of it at once.
package struct TensorPlace: Sendable {
  let file: PartialFile
  /// Of the tensor's first byte in the file.
  let start: Int
  package let declaration: TensorDeclaration

  /// Writes floating-point elements, rounded to the declared type (to nearest, ties to even).
  ///
  /// - Parameter index: The place of the first value among the tensor's elements.
  /// - Throws: `CheckpointError.cannotWrite`.
  /// - Precondition: The declared type is floating-point; the values lie within the tensor.
  package func write(_ values: [Float], at index: Int) throws {
    let type = declaration.elementType
    guard let bytes = ElementConversion.stored(values, as: type) else {
      preconditionFailure("'\(declaration.name)' is \(type.rawValue), not floating-point")
    }
    try write(bytes, atByte: index * type.byteCount)
  }

  /// Writes elements as they are stored, little-endian.
  ///
  /// - Parameter offset: Bytes from the tensor's first.
  /// - Throws: `CheckpointError.cannotWrite`.
  /// - Precondition: The bytes lie within the tensor.
  package func write(_ bytes: [UInt8], atByte offset: Int) throws {
    try unsafe bytes.withUnsafeBytes { try unsafe write($0, atByte: offset) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, atByte offset: Int) throws {
    precondition(
      offset >= 0 && bytes.count <= declaration.byteCount - offset,
      "\(bytes.count) bytes at \(offset) of '\(declaration.name)', \(declaration.byteCount) in all")
    try CheckpointError.naming(file.path) { () throws(FileFault) in
      unsafe try file.write(bytes, at: start + offset)
    }
  }
}
