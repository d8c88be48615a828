internal import Files
internal import Foundation

/// Reads a file line by line, however long the file is.
///
/// Only whole lines come: what follows the last newline is what a crash left of a line, and is
/// dropped.
struct LineReader {
  /// The most bytes of one line; an episode of a thousand queries takes about one megabyte.
  static let longestLine = 64 << 20
  private static let chunkSize = 1 << 20

  private let file: RegularFile
  private var pending = Data()
  /// Where the next line starts in `pending`.
  private var start = 0
  /// Up to where `pending` is known to hold no newline.
  private var searched = 0
  private var lineNumber = 0
  /// Bytes of a batch of lines, and lines in it, beyond which it is given out.
  private static let batchSize = (bytes: 4 << 20, lines: 1024)

  init(opening url: URL) throws {
    do {
      file = try RegularFile(url.path)
    } catch {
      throw ReportError(error, file: url.path)
    }
  }

  /// The next lines without their newlines, in order; `nil` after the last.
  mutating func nextBatch() throws -> [Data]? {
    var lines: [Data] = []
    var bytes = 0
    while bytes < LineReader.batchSize.bytes, lines.count < LineReader.batchSize.lines {
      guard let line = try next() else { break }
      lines.append(line)
      bytes += line.count
    }
    return lines.isEmpty ? nil : lines
  }

  /// The next line without its newline; `nil` after the last.
  private mutating func next() throws -> Data? {
    while true {
      if let end = LineReader.newline(in: pending, from: searched) {
        defer { (start, searched) = (end + 1, end + 1) }
        lineNumber += 1
        return pending[start..<end]
      }
      guard try readMore() else { return nil }
    }
  }

  /// The system's search: byte by byte through `Data` took a third of a report's time.
  private static func newline(in data: Data, from start: Int) -> Int? {
    data.withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + start, CInt(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Appends a chunk to what is pending; `false` at the end of the file.
  private mutating func readMore() throws -> Bool {
    if start > 0 { pending = Data(pending[start...]) }
    (start, searched) = (0, pending.count)
    guard pending.count <= LineReader.longestLine else {
      throw ReportError.lineTooLong(
        lineNumber + 1, file: file.path, limit: LineReader.longestLine)
    }
    do {
      let chunk = try file.read(LineReader.chunkSize)
      pending.append(contentsOf: chunk)
      return !chunk.isEmpty
    } catch {
      throw ReportError(error, file: file.path)
    }
  }
}
