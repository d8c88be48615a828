/// A position in bytes that never leaves them: each reading gives `nil` where too few are left.
package struct ByteCursor {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package var remainingCount: Int { bytes.endIndex - position }

  package mutating func byte() -> UInt8? {
    guard position < bytes.endIndex else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  package mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remainingCount else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// An unsigned little-endian number of at most eight bytes.
  package mutating func unsigned(byteCount: Int) -> UInt64? {
    guard let slice = take(byteCount) else { return nil }
    return slice.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A count of at most eight bytes; `nil` also when it exceeds the bytes that are left.
  package mutating func count(byteCount: Int) -> Int? {
    guard let raw = unsigned(byteCount: byteCount), raw <= UInt64(remainingCount) else {
      return nil
    }
    return Int(raw)
  }

  /// The bytes up to a line feed, which is consumed and left out.
  package mutating func line() -> ArraySlice<UInt8>? {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { return nil }
    defer { position = end + 1 }
    return bytes[position..<end]
  }
}
