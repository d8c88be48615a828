internal import Files

/// Where a zip file's central directory lies: the records at the file's end, also those for files
/// beyond 4 GB (APPNOTE.TXT 4.3.14 to 4.3.16, https://pkware.cachefly.net/webdocs/APPNOTE.TXT).
struct ZipEnd: Equatable {
  private static let signature: [UInt8] = [0x50, 0x4B, 5, 6]
  private static let largeSignature: [UInt8] = [0x50, 0x4B, 6, 6]
  private static let locatorSignature: [UInt8] = [0x50, 0x4B, 6, 7]
  private static let byteCount = 22
  private static let largeByteCount = 56
  private static let locatorByteCount = 20
  private static let commentLimit = 65535

  private(set) var entryCount: Int
  /// The central directory's bytes; the tensors lie before it.
  private(set) var directory: Range<Int>

  init(of file: MappedFile) throws(TorchFileFault) {
    let tailStart = max(0, file.byteCount - Self.byteCount - Self.commentLimit)
    let tail = file.bytes(tailStart..<file.byteCount)
    guard let start = Self.position(in: tail) else { throw .noDirectory }
    var fields = ZipFields(tail[(start + 4)...])
    let disks = [try fields.number(2), try fields.number(2)]
    let counts = [try fields.number(2), try fields.number(2)]
    (entryCount, directory) = (counts[1], 0..<0)
    var (size, offset) = (try fields.number(4), try fields.number(4))
    var end = tailStart + start
    if let large = try Self.largeRecord(of: file, before: end) {
      (entryCount, size, offset, end) = (large.count, large.size, large.offset, large.start)
    } else {
      guard disks == [0, 0], counts[0] == counts[1] else { throw .severalDisks }
    }
    guard offset <= end, size <= end - offset else {
      throw .badDirectory("its central directory does not end before the record that names it")
    }
    guard entryCount <= size / ZipDirectory.entryByteCount else {
      throw .badDirectory("it claims \(entryCount) entries in \(size) bytes")
    }
    directory = offset..<offset + size
  }

  /// The last record whose comment ends with the file.
  private static func position(in tail: [UInt8]) -> Int? {
    for start in stride(from: tail.count - byteCount, through: 0, by: -1)
    where tail[start..<start + 4].elementsEqual(signature) {
      let comment = Int(tail[start + 20]) | Int(tail[start + 21]) << 8
      if start + byteCount + comment == tail.count { return start }
    }
    return nil
  }

  private static func largeRecord(
    of file: MappedFile, before end: Int
  ) throws(TorchFileFault) -> (count: Int, size: Int, offset: Int, start: Int)? {
    guard end >= locatorByteCount else { return nil }
    var locator = ZipFields(file.bytes(end - locatorByteCount..<end)[...])
    guard locator.take(4).elementsEqual(locatorSignature) else { return nil }
    _ = try locator.number(4)
    let start = try locator.number(8)
    guard start <= end - locatorByteCount - largeByteCount else {
      throw .badDirectory("its end record for large files lies past the end")
    }
    var record = ZipFields(file.bytes(start..<start + largeByteCount)[...])
    guard record.take(4).elementsEqual(largeSignature) else {
      throw .badDirectory("its end record for large files is not where it should be")
    }
    record.skip(12)
    let disks = [try record.number(4), try record.number(4)]
    let counts = [try record.number(8), try record.number(8)]
    guard disks == [0, 0], counts[0] == counts[1] else { throw .severalDisks }
    return (counts[0], try record.number(8), try record.number(8), start)
  }
}

/// The little-endian numbers of a zip file's records, one after another.
struct ZipFields {
  private var cursor: ByteCursor

  init(_ bytes: ArraySlice<UInt8>) {
    cursor = ByteCursor(bytes)
  }

  /// The next number of `byteCount` bytes, at most eight.
  mutating func number(_ byteCount: Int) throws(TorchFileFault) -> Int {
    guard let raw = cursor.unsigned(byteCount: byteCount), let value = Int(exactly: raw) else {
      throw .badDirectory("a record of it breaks off or holds a number beyond 63 bits")
    }
    return value
  }

  /// The next bytes; fewer only where the record breaks off.
  mutating func take(_ count: Int) -> ArraySlice<UInt8> {
    cursor.take(count) ?? []
  }

  mutating func bytes(_ count: Int) throws(TorchFileFault) -> ArraySlice<UInt8> {
    guard let bytes = cursor.take(count) else { throw .badDirectory("a record of it breaks off") }
    return bytes
  }

  mutating func skip(_ count: Int) { _ = cursor.take(count) }

  var isAtEnd: Bool { cursor.remainingCount == 0 }
}
