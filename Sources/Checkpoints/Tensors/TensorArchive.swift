package import Foundation

/// The named weights of a checkpoint: one safetensors file, or several with an index.
package struct TensorArchive: Sendable {
  /// The files' names in a checkpoint's folder, as Hugging Face's libraries write them.
  package static let fileName = "model.safetensors"
  package static let indexName = "model.safetensors.index.json"

  /// The file or folder, for messages.
  package let path: String
  private let files: [SafetensorsFile]
  private let fileByName: [ByteString: Int]
  /// Sorted by their bytes.
  package let names: [String]

  /// Opens a single file.
  ///
  /// - Throws: `CheckpointError`.
  package init(file url: URL) throws {
    let file = try SafetensorsFile(url)
    self.init(path: url.path, files: [file], fileByName: file.names.map { ($0, 0) })
  }

  /// Opens the weights in a checkpoint's folder: `model.safetensors`, or else the shards that
  /// `model.safetensors.index.json` names.
  ///
  /// - Throws: `CheckpointError`.
  package init(checkpointDirectory directory: URL) throws {
    let manager = FileManager.default
    let file = directory.appendingPathComponent(Self.fileName)
    if manager.fileExists(atPath: file.path) {
      try self.init(file: file)
      return
    }
    let index = directory.appendingPathComponent(Self.indexName)
    guard manager.fileExists(atPath: index.path) else {
      throw manager.fileExists(atPath: directory.path)
        ? CheckpointError.noWeights(directory: directory.path)
        : CheckpointError.missingFile(directory.path)
    }
    try self.init(index: index, directory: directory)
  }

  private init(index: URL, directory: URL) throws {
    var files: [SafetensorsFile] = []
    var positions: [String: Int] = [:]
    var places: [(String, Int)] = []
    for (name, shard) in try ShardIndex.read(index) {
      let position: Int
      if let known = positions[shard] {
        position = known
      } else {
        position = files.count
        positions[shard] = position
        files.append(try SafetensorsFile(directory.appendingPathComponent(shard)))
      }
      guard files[position].entry(name) != nil else {
        throw CheckpointError.shardLacksTensor(name, shard: shard, index: index.path)
      }
      places.append((name, position))
    }
    self.init(path: directory.path, files: files, fileByName: places)
  }

  private init(path: String, files: [SafetensorsFile], fileByName places: [(String, Int)]) {
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

  /// A tensor of any floating-point type as single-precision numbers, row-major.
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
    let floats = unsafe file.withBytes(of: entry) {
      unsafe ElementConversion.floats($0, as: entry.elementType)
    }
    guard let floats else {
      throw CheckpointError.wrongElementType(
        name, archive: path, expected: "floating-point", found: entry.elementType.rawValue)
    }
    return floats
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

  private func place(_ name: String) throws -> (file: SafetensorsFile, entry: TensorEntry) {
    guard let position = fileByName[ByteString(name)], let entry = files[position].entry(name)
    else { throw CheckpointError.missingTensor(name, archive: path) }
    return (files[position], entry)
  }
}
