/// Pictures of a few bytes that claim 60000 x 60000 pixels.
enum HostilePicture {
  static let png: [UInt8] = {
    let size: [UInt8] = [0, 0, 0xEA, 0x60]
    let header = Array("IHDR".utf8) + size + size + [8, 2, 0, 0, 0]
    let data = Array("IDAT".utf8) + [0x78, 0x9C, 0x03, 0, 0, 0, 0, 1]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk(header) + chunk(data)
      + chunk(Array("IEND".utf8))
  }()

  /// A start of frame, and nothing after it.
  static let jpeg: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xEA, 0x60, 0xEA, 0x60, 3]
    + [1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0] + [0xFF, 0xD9]

  /// Length, contents, checksum.
  private static func chunk(_ contents: [UInt8]) -> [UInt8] {
    bigEndian(UInt32(contents.count - 4)) + contents + bigEndian(crc32(contents))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
        value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
      }
    }
  }
}
