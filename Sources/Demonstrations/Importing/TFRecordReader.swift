internal import Files
internal import Foundation

/// Reads the records of a TFRecord file one after another, checking both checksums of each.
///
/// A record is: length (8 bytes, little-endian), masked CRC32C of the length, data, masked CRC32C
/// of the data.
struct TFRecordReader {
  private static let headerWidth = 12

  private let path: String
  private let file: RegularFile
  private var remainingCount: Int
  /// The number of records read so far.
  private(set) var recordCount = 0

  init(_ url: URL) throws(ImportError) {
    path = url.path
    do {
      file = try RegularFile(url.path)
    } catch {
      throw ImportError(
        error, path: url.path, expected: "a TFRecord file of the data set")
    }
    remainingCount = file.byteCount
  }

  /// The next record's data; `nil` at the end of the file.
  mutating func next() throws(ImportError) -> [UInt8]? {
    guard remainingCount > 0 else { return nil }
    let header = try read(TFRecordReader.headerWidth)
    var cursor = ByteCursor(header[...])
    guard let length = cursor.unsigned(byteCount: 8), let check = cursor.unsigned(byteCount: 4)
    else { throw fault(.truncated) }
    guard UInt64(CRC32C.masked(header.prefix(8))) == check else {
      throw fault(.wrongLengthChecksum)
    }
    // Before anything is allocated: a length beyond the end of the file is a lie.
    guard let count = Int(exactly: length), count <= remainingCount - 4 else {
      throw fault(.tooLong(length, limit: max(0, remainingCount - 4)))
    }
    let body = try read(count + 4)
    var trailer = ByteCursor(body[count...])
    guard trailer.unsigned(byteCount: 4) == UInt64(CRC32C.masked(body.prefix(count))) else {
      throw fault(.wrongDataChecksum)
    }
    recordCount += 1
    return Array(body.prefix(count))
  }

  func fault(_ fault: RecordFault) -> ImportError {
    .badRecord(path, number: recordCount, fault)
  }

  private mutating func read(_ count: Int) throws(ImportError) -> [UInt8] {
    guard count <= remainingCount else { throw fault(.truncated) }
    guard let bytes = try? file.read(count), bytes.count == count else {
      throw fault(.truncated)
    }
    remainingCount -= count
    return bytes
  }
}
