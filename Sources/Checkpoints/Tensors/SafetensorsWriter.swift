internal import Files
package import Foundation

/// Writes one safetensors file, tensor by tensor, without holding it in memory.
///
/// All tensors are declared first; then each is added once, in any order. Until `finish` the file
/// is called `<name>.partial`, and it is removed when `finish` is never reached.
package final class SafetensorsWriter {
  private let file: PartialFile
  private let dataStart: Int
  private let byteCount: Int
  private let places: [ByteString: (declaration: TensorDeclaration, start: Int)]
  private var missing: Set<ByteString>

  /// Creates the file and writes its header.
  ///
  /// - Parameters:
  ///   - url: The final name of the file.
  ///   - declarations: What is going to be added.
  ///   - metadata: Text to store beside the tensors.
  /// - Throws: `CheckpointError.cannotWrite`.
  /// - Precondition: Names are unique.
  package init(
    to url: URL, declarations: [TensorDeclaration], metadata: [String: String] = [:]
  ) throws {
    // As the format's own library does: large elements first, so that each tensor is aligned.
    let ordered = declarations.enumerated().sorted {
      ($1.element.elementType.byteCount, $0.offset) < ($0.element.elementType.byteCount, $1.offset)
    }.map(\.element)
    var places: [ByteString: (declaration: TensorDeclaration, start: Int)] = [:]
    var start = 0
    for declaration in ordered {
      let previous = places.updateValue((declaration, start), forKey: ByteString(declaration.name))
      precondition(previous == nil, "'\(declaration.name)' is declared twice")
      start += declaration.byteCount
    }
    let header = try SafetensorsHeader.bytes(ordered, metadata: metadata)
    self.places = places
    missing = Set(places.keys)
    dataStart = header.count
    byteCount = header.count + start
    file = try CheckpointError.naming(url.path) { () throws(FileFault) in
      try PartialFile(url.path)
    }
    try write(header, at: 0)
  }

  /// Writes a floating-point tensor, rounded to its declared type (to nearest, ties to even).
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  /// - Precondition: It was declared with this shape and a floating-point type, and not added yet.
  package func add(_ name: String, shape: [Int], _ values: [Float]) throws {
    let (type, start) = take(name, shape: shape, count: values.count)
    switch type {
    case .float32: try write(values, at: start) { $0 }
    case .float64: try write(values, at: start) { Double($0) }
    case .float16: try write(values, at: start) { Float16($0) }
    case .bfloat16: try write(values, at: start) { ElementConversion.bfloat16($0) }
    case .int64, .int32, .int16, .int8, .uint8, .bool:
      preconditionFailure("'\(name)' is declared as \(type.rawValue), not floating-point")
    }
  }

  /// Writes a tensor of integers.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  /// - Precondition: It was declared with this shape and an integer type that holds every value,
  ///   and not added yet.
  package func add(_ name: String, shape: [Int], integers values: [Int]) throws {
    let (type, start) = take(name, shape: shape, count: values.count)
    switch type {
    case .int64: try write(values, at: start) { Int64($0) }
    case .int32: try write(values, at: start) { Int32($0) }
    case .int16: try write(values, at: start) { Int16($0) }
    case .int8: try write(values, at: start) { Int8($0) }
    case .uint8: try write(values, at: start) { UInt8($0) }
    case .bool: try write(values, at: start) { $0 == 0 ? UInt8(0) : 1 }
    case .float64, .float32, .float16, .bfloat16:
      preconditionFailure("'\(name)' is declared as \(type.rawValue), not integer")
    }
  }

  /// The place of a tensor that is written piece by piece, also by several threads.
  ///
  /// - Precondition: It was declared and not added yet. Whoever takes its place writes all of it
  ///   before `finish`.
  package func place(of name: String) -> TensorPlace {
    let (declaration, start) = take(name)
    return TensorPlace(file: file, start: start, declaration: declaration)
  }

  /// Completes the file under its final name.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  /// - Precondition: Every declared tensor was added.
  package func finish() throws {
    precondition(
      missing.isEmpty, "never added: \(missing.sorted().map(\.string).quotedList)")
    try CheckpointError.naming(file.path) { () throws(FileFault) in
      try file.commit(byteCount: byteCount)
    }
  }

  private func take(_ name: String, shape: [Int], count: Int) -> (ElementType, start: Int) {
    let (declaration, start) = take(name)
    precondition(declaration.shape == shape, "'\(name)' is \(declaration.shape), not \(shape)")
    precondition(
      declaration.elementCount == count, "\(count) values for '\(name)' of shape \(shape)")
    return (declaration.elementType, start)
  }

  /// Where a declared tensor goes; it cannot be taken again.
  private func take(_ name: String) -> (TensorDeclaration, start: Int) {
    guard let (declaration, start) = places[ByteString(name)] else {
      preconditionFailure("'\(name)' was not declared")
    }
    precondition(missing.remove(ByteString(name)) != nil, "'\(name)' is added twice")
    return (declaration, dataStart + start)
  }

  /// Converts and writes in pieces, so that no second copy of a tensor is held.
  private func write<Number, Stored: BitwiseCopyable>(
    _ values: [Number], at start: Int, _ stored: (Number) -> Stored
  ) throws {
    let pieceLength = 1 << 18
    for first in stride(from: 0, to: values.count, by: pieceLength) {
      let piece = values[first..<min(first + pieceLength, values.count)].map(stored)
      try write(piece, at: start + first * MemoryLayout<Stored>.size)
    }
  }

  private func write(_ values: [some BitwiseCopyable], at offset: Int) throws {
    try unsafe values.withUnsafeBytes { bytes in
      try CheckpointError.naming(file.path) { () throws(FileFault) in
        unsafe try file.write(bytes, at: offset)
      }
    }
  }
}

extension SafetensorsWriter {
  /// Writes a whole file of single-precision tensors.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  package static func write(
    _ tensors: [(name: String, shape: [Int], values: [Float])], to url: URL,
    metadata: [String: String] = [:]
  ) throws {
    let writer = try SafetensorsWriter(
      to: url, declarations: tensors.map { TensorDeclaration(name: $0.name, shape: $0.shape) },
      metadata: metadata)
    for (name, shape, values) in tensors { try writer.add(name, shape: shape, values) }
    try writer.finish()
  }
}

extension SafetensorsHeader {
  /// The header of a file with these tensors back to back: its length and its JSON, padded with
  /// spaces so that the data begins at a multiple of eight.
  static func bytes(
    _ declarations: [TensorDeclaration], metadata: [String: String]
  ) throws -> [UInt8] {
    var start = 0
    var members: [String] = []
    if !metadata.isEmpty { members.append("\"__metadata__\":\(try JSONFile.text(metadata))") }
    for declaration in declarations {
      let end = start + declaration.byteCount
      let shape = declaration.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(try JSONFile.text(declaration.name)):{\"dtype\":\"\(declaration.elementType.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    let length = UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + text
  }
}
