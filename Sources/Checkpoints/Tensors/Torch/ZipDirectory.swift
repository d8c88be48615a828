/// The entries of a zip file as PyTorch writes it: stored as they are, so that each is a range of
/// the file. What another tool packed differently is refused.
struct ZipDirectory {
  /// The fixed part of an entry of the central directory.
  static let entryByteCount = 46
  /// More than any checkpoint's directory, of about a hundred bytes a tensor.
  private static let byteLimit = 256 << 20
  private static let entrySignature: [UInt8] = [0x50, 0x4B, 1, 2]
  private static let localSignature: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let localByteCount = 30

  /// The place of each entry's content in the file, by the entry's name.
  private(set) var places: [ByteString: Range<Int>] = [:]

  /// Reads the directory and each entry's own header, and checks that all lie apart, before the
  /// directory.
  init(of file: MappedFile) throws(TorchFileFault) {
    let end = try ZipEnd(of: file)
    guard end.directory.count <= Self.byteLimit else {
      throw .badDirectory("it claims a directory of \(end.directory.count) bytes")
    }
    var fields = ZipFields(file.bytes(end.directory)[...])
    var entries: [Entry] = []
    entries.reserveCapacity(end.entryCount)
    for _ in 0..<end.entryCount { entries.append(try Entry(&fields)) }
    try place(entries.sorted { $0.start < $1.start }, in: file, before: end.directory.lowerBound)
  }

  /// An entry of the central directory.
  private struct Entry {
    var name: ByteString
    /// Bytes of its content.
    var size: Int
    /// Where its own header begins in the file.
    var start: Int

    init(_ fields: inout ZipFields) throws(TorchFileFault) {
      guard fields.take(4).elementsEqual(entrySignature) else {
        throw .badDirectory("an entry does not begin with the mark of one")
      }
      fields.skip(4)
      let (flags, method) = (try fields.number(2), try fields.number(2))
      fields.skip(8)
      let packedSize = try fields.number(4)
      size = try fields.number(4)
      let lengths = (try fields.number(2), try fields.number(2), try fields.number(2))
      let disk = try fields.number(2)
      fields.skip(6)
      start = try fields.number(4)
      name = ByteString(utf8: Array(try fields.bytes(lengths.0)))
      let stored = try Self.large(
        try fields.bytes(lengths.1), size: size, packedSize: packedSize, start: start)
      _ = try fields.bytes(lengths.2)
      guard method == 0, flags & 1 == 0, stored.size == stored.packedSize else {
        throw .compressed(entry: name.string)
      }
      guard disk == 0 || disk == 0xFFFF else { throw .severalDisks }
      (size, start) = (stored.size, stored.start)
    }

    /// The true numbers of an entry beyond 4 GB, which stand in an extra field.
    private static func large(
      _ extra: ArraySlice<UInt8>, size: Int, packedSize: Int, start: Int
    ) throws(TorchFileFault) -> (size: Int, packedSize: Int, start: Int) {
      var result = (size: size, packedSize: packedSize, start: start)
      let saturated = 0xFFFF_FFFF
      guard [size, packedSize, start].contains(saturated) else { return result }
      var fields = ZipFields(extra)
      while !fields.isAtEnd {
        let (kind, length) = (try fields.number(2), try fields.number(2))
        var content = ZipFields(try fields.bytes(length))
        guard kind == 1 else { continue }
        if size == saturated { result.size = try content.number(8) }
        if packedSize == saturated { result.packedSize = try content.number(8) }
        if start == saturated { result.start = try content.number(8) }
      }
      return result
    }
  }

  private mutating func place(
    _ entries: [Entry], in file: MappedFile, before limit: Int
  ) throws(TorchFileFault) {
    var end = 0
    for entry in entries {
      guard entry.start >= end else { throw .overlap(entry: entry.name.string) }
      let content = try Self.content(of: entry, in: file, before: limit)
      guard places.updateValue(content, forKey: entry.name) == nil else {
        throw .duplicateEntry(entry.name.string)
      }
      end = content.upperBound
    }
  }

  /// Where an entry's content lies, behind its own header, which must agree with the directory.
  private static func content(
    of entry: Entry, in file: MappedFile, before limit: Int
  ) throws(TorchFileFault) -> Range<Int> {
    guard entry.start <= limit - localByteCount else {
      throw .pastEnd(entry: entry.name.string)
    }
    var fields = ZipFields(file.bytes(entry.start..<entry.start + localByteCount)[...])
    guard fields.take(4).elementsEqual(localSignature) else {
      throw .badDirectory("'\(entry.name.string)' is not where the directory says")
    }
    fields.skip(22)
    let (nameLength, extraLength) = (try fields.number(2), try fields.number(2))
    let nameStart = entry.start + localByteCount
    let start = nameStart + nameLength + extraLength
    guard start <= limit, entry.size <= limit - start else {
      throw .pastEnd(entry: entry.name.string)
    }
    guard file.bytes(nameStart..<nameStart + nameLength) == entry.name.utf8 else {
      throw .badDirectory("'\(entry.name.string)' has another name in its own header")
    }
    return start..<start + entry.size
  }
}
