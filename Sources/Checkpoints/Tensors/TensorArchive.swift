package import Foundation

/// The named weights of a checkpoint: one safetensors file, several with an index, or PyTorch's
/// `.pt`. Opening it reads what describes the tensors, however large they are.
package struct TensorArchive: Sendable {
  /// The files' names in a checkpoint's folder, as Hugging Face's libraries write them.
  package static let fileName = "model.safetensors"
  package static let indexName = "model.safetensors.index.json"

  /// The file or folder, for messages.
  package let path: String
  private let files: [TensorFile]
  private let fileByName: [ByteString: Int]
  /// Sorted by their bytes.
  package let names: [String]

  /// Opens a single file, safetensors or PyTorch's.
  ///
  /// In PyTorch's, the names of nested dictionaries are joined by dots; where the outermost one holds
  /// the weights under `model` or `state_dict`, that level is left out, and what lies beside it too.
  ///
  /// - Throws: `CheckpointError`.
  package init(file url: URL) throws {
    let file = try TensorFile(url)
    self.init(path: url.path, files: [file], fileByName: file.names.map { ($0, 0) })
  }

  /// Opens the weights in a checkpoint's folder: `model.safetensors`, or else the shards that
  /// `model.safetensors.index.json` names, or else the one `.pt` in `checkpoints/` (as CogACT is
  /// published) or beside it. A file's own path opens that file.
  ///
  /// - Throws: `CheckpointError`.
  package init(checkpointDirectory directory: URL) throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard unsafe manager.fileExists(atPath: directory.path, isDirectory: &isFolder) else {
      throw CheckpointError.missingFile(directory.path)
    }
    guard isFolder.boolValue else {
      try self.init(file: directory)
      return
    }
    let file = directory.appendingPathComponent(Self.fileName)
    if manager.fileExists(atPath: file.path) {
      try self.init(file: file)
      return
    }
    let index = directory.appendingPathComponent(Self.indexName)
    if manager.fileExists(atPath: index.path) {
      try self.init(index: index, directory: directory)
    } else if let file = try TorchFile.only(in: directory) {
      try self.init(file: file)
    } else {
      throw CheckpointError.noWeights(directory: directory.path)
    }
  }

  private init(index: URL, directory: URL) throws {
    var files: [TensorFile] = []
    var positions: [String: Int] = [:]
    var places: [(String, Int)] = []
    for (name, shard) in try ShardIndex.read(index) {
      let position: Int
      if let known = positions[shard] {
        position = known
      } else {
        position = files.count
        positions[shard] = position
        files.append(try TensorFile(directory.appendingPathComponent(shard)))
      }
      guard files[position].entry(name) != nil else {
        throw CheckpointError.shardLacksTensor(name, shard: shard, index: index.path)
      }
      places.append((name, position))
    }
    self.init(path: directory.path, files: files, fileByName: places)
  }

  private init(path: String, files: [TensorFile], fileByName places: [(String, Int)]) {
    self.path = path
    self.files = files
    fileByName = Dictionary(uniqueKeysWithValues: places.map { (ByteString($0.0), $0.1) })
    names = fileByName.keys.sorted().map(\.string)
  }
}

// MARK: - Reading

extension TensorArchive {
  package func contains(_ name: String) -> Bool { fileByName[ByteString(name)] != nil }

  /// The text entries that the writer stored beside the weights, of the first file.
  package var metadata: [String: String] { files.first?.metadata ?? [:] }

  /// The bytes of all tensors.
  package var byteCount: Int {
    names.reduce(0) { $0 + ((try? place($1).entry.range.count) ?? 0) }
  }

  /// - Throws: `CheckpointError.missingTensor`.
  package func shape(of name: String) throws -> [Int] { try place(name).entry.shape }

  /// - Throws: `CheckpointError.missingTensor`.
  package func elementType(of name: String) throws -> ElementType {
    try place(name).entry.elementType
  }

  /// The bytes that a tensor takes.
  ///
  /// - Throws: `CheckpointError.missingTensor`.
  package func byteCount(of name: String) throws -> Int { try place(name).entry.range.count }

  /// A tensor of any floating-point type as single-precision numbers, row-major; an int8 weight
  /// with its scales beside it as the numbers that it stands for.
  ///
  /// - Parameters:
  ///   - name: The tensor's name.
  ///   - shape: What the shape must be; nil accepts any.
  /// - Throws: `CheckpointError`: missing, another shape, not floating-point.
  package func floats(_ name: String, shape: [Int]? = nil) throws -> [Float] {
    let (file, entry) = try place(name)
    if let shape, shape != entry.shape {
      throw CheckpointError.wrongShape(name, archive: path, expected: shape, found: entry.shape)
    }
    if entry.elementType == .int8, contains(Self.scaleName(of: name)) {
      return try dequantized(name)
    }
    return try floats(of: entry, in: file, bytes: entry.range)
  }

  /// Some elements of a tensor of any floating-point type, counted row-major.
  ///
  /// - Throws: `CheckpointError`: missing, not floating-point.
  /// - Precondition: `elements` lies within the tensor.
  package func floats(_ name: String, elements: Range<Int>) throws -> [Float] {
    let (file, entry) = try place(name)
    let width = entry.elementType.byteCount
    let start = entry.range.lowerBound
    return try floats(
      of: entry, in: file,
      bytes: start + elements.lowerBound * width..<start + elements.upperBound * width)
  }

  private func floats(
    of entry: TensorEntry, in file: TensorFile, bytes range: Range<Int>
  ) throws -> [Float] {
    precondition(
      entry.range.lowerBound <= range.lowerBound && range.upperBound <= entry.range.upperBound,
      "bytes \(range) are not within '\(entry.name)', which has \(entry.range)")
    let floats = unsafe file.withBytes(range) {
      unsafe ElementConversion.floats($0, as: entry.elementType)
    }
    guard let floats else {
      throw CheckpointError.wrongElementType(
        entry.name, archive: path, expected: "floating-point", found: entry.elementType.rawValue)
    }
    return floats
  }

  /// The numbers q · scale of an int8 weight `[out, in]`.
  private func dequantized(_ name: String) throws -> [Float] {
    let shape = try shape(of: name)
    let scales = try floats(Self.scaleName(of: name), shape: [shape.first ?? 0, 1])
    // Where a side is 0 the others are any numbers, whose product may be none.
    guard !scales.isEmpty else { return [] }
    let width = shape.dropFirst().reduce(1, *)
    var numbers: [Float] = []
    numbers.reserveCapacity(scales.count * width)
    try withBytes(name) { bytes in
      for row in scales.indices {
        for byte in row * width..<(row + 1) * width {
          let value = unsafe bytes.unsafeLoad(fromByteOffset: byte, as: Int8.self)
          numbers.append(Float(value) * scales[row])
        }
      }
    }
    return numbers
  }

  /// A tensor of integers or booleans (0 and 1), row-major.
  ///
  /// - Throws: `CheckpointError`: missing, or floating-point.
  package func integers(_ name: String) throws -> [Int] {
    let (file, entry) = try place(name)
    let integers = unsafe file.withBytes(of: entry) {
      unsafe ElementConversion.integers($0, as: entry.elementType)
    }
    guard let integers else {
      throw CheckpointError.wrongElementType(
        name, archive: path, expected: "integer", found: entry.elementType.rawValue)
    }
    return integers
  }

  /// Runs `body` with a tensor's bytes where they lie, without copying; they are little-endian
  /// and need not be aligned.
  ///
  /// - Throws: `CheckpointError.missingTensor`, or what `body` throws.
  package func withBytes<Result>(
    _ name: String, _ body: (RawSpan) throws -> Result
  ) throws -> Result {
    let (file, entry) = try place(name)
    return try unsafe file.withBytes(of: entry) { bytes in
      try unsafe body(bytes.bytes)
    }
  }

  /// Lets the system take back the memory of a tensor's pages, once its values were copied; reading
  /// it again brings them back from the file. Tensors beside it keep the pages that they share.
  ///
  /// - Throws: `CheckpointError.missingTensor`.
  package func releasePages(of name: String) throws {
    let (file, entry) = try place(name)
    file.releasePages(of: entry)
  }

  private func place(_ name: String) throws -> (file: TensorFile, entry: TensorEntry) {
    guard let position = fileByName[ByteString(name)], let entry = files[position].entry(name)
    else { throw CheckpointError.missingTensor(name, archive: path) }
    return (files[position], entry)
  }
}
