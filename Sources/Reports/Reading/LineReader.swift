internal import Files
internal import Foundation

/// Some lines of a file.
struct LineBlock: Sendable {
  let bytes: [UInt8]
  /// Where each line stands in `bytes`, without its newline.
  let lines: [Range<Int>]
}

/// Reads a file line by line, however long the file is.
///
/// Only whole lines come: what follows the last newline is what a crash left of a line, and is
/// dropped.
struct LineReader {
  /// The most bytes of one line; an episode of a thousand queries takes about one megabyte.
  static let longestLine = 64 << 20
  /// Bytes that are read at once.
  private static let chunkSize = 2 << 20

  private let file: RegularFile
  /// What was read of a line whose end was not.
  private var rest: [UInt8] = []
  private var lineCount = 0

  init(opening url: URL) throws {
    do {
      file = try RegularFile(url.path)
    } catch {
      throw ReportError(error, file: url.path)
    }
  }

  /// The next lines, in order; `nil` after the last.
  mutating func nextBlock() throws -> LineBlock? {
    var bytes = rest
    while true {
      let searched = bytes.count
      guard searched <= LineReader.longestLine else {
        throw ReportError.lineTooLong(lineCount + 1, file: file.path, limit: LineReader.longestLine)
      }
      let chunk = try read()
      guard !chunk.isEmpty else { return nil }
      bytes += chunk
      let lines = LineReader.lines(of: bytes, searched: searched)
      guard let last = lines.last else { continue }
      rest = Array(bytes[(last.upperBound + 1)...])
      lineCount += lines.count
      return LineBlock(bytes: bytes, lines: lines)
    }
  }

  private func read() throws -> [UInt8] {
    do {
      return try file.read(LineReader.chunkSize)
    } catch {
      throw ReportError(error, file: file.path)
    }
  }

  /// The whole lines; there is no newline among the first `searched` bytes.
  private static func lines(of bytes: [UInt8], searched: Int) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var (start, searched) = (0, searched)
    while let end = newline(in: bytes, from: searched) {
      lines.append(start..<end)
      (start, searched) = (end + 1, end + 1)
    }
    return lines
  }

  /// The system's search: byte by byte took a third of a report's time.
  private static func newline(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + start, CInt(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
