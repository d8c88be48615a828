package import Foundation

/// One safetensors file, memory-mapped; opening it reads the header only.
package struct SafetensorsFile: Sendable {
  private let file: MappedFile
  private let dataStart: Int
  private let entriesByName: [ByteString: TensorEntry]
  /// In the order of their data in the file.
  package let names: [String]
  package let metadata: [String: String]

  /// Opens a file and checks its header against the file's size.
  ///
  /// - Throws: `CheckpointError`: missing, unreadable or damaged.
  package init(_ url: URL) throws {
    file = try MappedFile(url)
    do throws(TensorFileFault) {
      let header = try Self.header(of: file)
      dataStart = header.dataStart
      metadata = header.content.metadata
      names = header.content.entries.map(\.name)
      entriesByName = Dictionary(
        uniqueKeysWithValues: header.content.entries.map { (ByteString($0.name), $0) })
    } catch {
      throw CheckpointError.damagedTensorFile(url.path, fault: error)
    }
  }

  private static func header(
    of file: MappedFile
  ) throws(TensorFileFault) -> (content: SafetensorsHeader, dataStart: Int) {
    let start = SafetensorsHeader.lengthByteCount
    let length = try SafetensorsHeader.byteCount(
      lengthField: file.bytes(0..<min(start, file.byteCount)), fileByteCount: file.byteCount)
    let dataStart = start + length
    let content = try SafetensorsHeader(
      file.bytes(start..<dataStart), dataByteCount: file.byteCount - dataStart)
    return (content, dataStart)
  }

  package var path: String { file.path }

  func entry(_ name: String) -> TensorEntry? { entriesByName[ByteString(name)] }

  /// Runs `body` with the tensor's bytes, in place; they need not be aligned.
  func withBytes<Result, Failure: Error>(
    of entry: TensorEntry, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound
    return try unsafe file.withBytes(range, body)
  }
}
