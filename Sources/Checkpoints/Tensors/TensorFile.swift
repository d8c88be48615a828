internal import Foundation

/// A tensor's place in a file of weights.
struct TensorEntry: Equatable, Sendable {
  var name: String
  var elementType: ElementType
  var shape: [Int]
  /// Bytes, counted from the start of what the entry belongs to.
  var range: Range<Int>
}

/// One file of weights, memory-mapped: safetensors, or PyTorch's `.pt`. Opening it reads what
/// describes the tensors, not the tensors.
struct TensorFile: Sendable {
  private let file: MappedFile
  /// With ranges of the whole file.
  private let entriesByName: [ByteString: TensorEntry]
  let names: [String]
  /// The text entries beside the tensors of safetensors; empty for PyTorch.
  let metadata: [String: String]

  /// Opens a file and checks all places against the file's size.
  ///
  /// - Throws: `CheckpointError`: missing, unreadable or damaged.
  init(_ url: URL) throws {
    let file = try MappedFile(url)
    let name = url.pathExtension
    if name != "safetensors", TorchFile.recognizes(file, extension: name) {
      self.init(file, entries: try Self.torchEntries(of: file), metadata: [:])
    } else {
      let (entries, metadata) = try Self.safetensorsEntries(of: file)
      self.init(file, entries: entries, metadata: metadata)
    }
  }

  private init(_ file: MappedFile, entries: [TensorEntry], metadata: [String: String]) {
    self.file = file
    self.metadata = metadata
    names = entries.map(\.name)
    entriesByName = Dictionary(uniqueKeysWithValues: entries.map { (ByteString($0.name), $0) })
  }

  private static func torchEntries(of file: MappedFile) throws -> [TensorEntry] {
    do throws(TorchFileFault) {
      return try TorchFile.entries(of: file)
    } catch {
      throw CheckpointError.badTorchFile(file.path, fault: error)
    }
  }

  private static func safetensorsEntries(
    of file: MappedFile
  ) throws -> ([TensorEntry], [String: String]) {
    do throws(TensorFileFault) {
      let start = SafetensorsHeader.lengthByteCount
      let length = try SafetensorsHeader.byteCount(
        lengthField: file.bytes(0..<min(start, file.byteCount)), fileByteCount: file.byteCount)
      let dataStart = start + length
      let header = try SafetensorsHeader(
        file.bytes(start..<dataStart), dataByteCount: file.byteCount - dataStart)
      let entries = header.entries.map { entry in
        var entry = entry
        entry.range = dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound
        return entry
      }
      return (entries, header.metadata)
    } catch {
      throw CheckpointError.damagedTensorFile(file.path, fault: error)
    }
  }

  func entry(_ name: String) -> TensorEntry? { entriesByName[ByteString(name)] }

  /// Runs `body` with the tensor's bytes, in place; they need not be aligned.
  func withBytes<Result, Failure: Error>(
    of entry: TensorEntry, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe file.withBytes(entry.range, body)
  }

  /// Runs `body` with bytes of the file, in place.
  ///
  /// - Precondition: `range` lies within the file.
  func withBytes<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe file.withBytes(range, body)
  }

  /// Lets the system take back the memory behind a tensor; see `TensorArchive.releasePages`.
  func releasePages(of entry: TensorEntry) { file.releasePages(entry.range) }
}
