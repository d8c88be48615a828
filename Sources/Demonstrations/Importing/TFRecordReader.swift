internal import Foundation

/// Reads the records of a TFRecord file one after another, checking both checksums of each.
///
/// A record is: length (8 bytes, little-endian), masked CRC32C of the length, data, masked CRC32C
/// of the data.
struct TFRecordReader {
  private static let headerWidth = 12

  private let path: String
  private let handle: FileHandle
  private var remainingCount: Int
  /// The number of records read so far.
  private(set) var recordCount = 0

  init(_ url: URL) throws(ImportError) {
    path = url.path
    remainingCount = try ImportFile.size(of: url, expected: "a TFRecord file of the data set")
    do {
      handle = try FileHandle(forReadingFrom: url)
    } catch {
      throw .unreadable(path, reason: error.localizedDescription)
    }
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
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      guard let part = try? handle.read(upToCount: count - bytes.count), !part.isEmpty else {
        throw fault(.truncated)
      }
      bytes += part
    }
    remainingCount -= count
    return bytes
  }
}
