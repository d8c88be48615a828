import Failures
import Images
import Manipulation
import Testing

/// Damaged and lying pictures end in an error, never in a trap or a large allocation.
struct HostileImageTests {
  @Test(
    "every truncation is an error",
    arguments: ["rgb.png", "interlaced.png", "noise.jpg", "progressive.jpg"])
  func truncations(name: String) throws {
    let bytes = try Fixture.bytes(name)
    // The last two bytes of a JPEG are its end marker, without which the pixels are still whole.
    let end = name.hasSuffix("jpg") ? bytes.count - 2 : bytes.count
    for count in 0..<end {
      #expect(throws: ImageError.self, "\(count) bytes") {
        try ImageFile.decode(Array(bytes.prefix(count)), name: name)
      }
    }
  }

  @Test(
    "a flipped byte gives a picture or an error",
    arguments: ["palette.png", "half_chroma.jpg", "progressive.jpg"])
  func flips(name: String) throws {
    let bytes = try Fixture.bytes(name)
    for position in bytes.indices {
      for mask in [UInt8(0x01), 0x80, 0xFF] {
        var damaged = bytes
        damaged[position] ^= mask
        do {
          _ = try ImageFile.decode(damaged, name: name)
        } catch let error as ImageError {
          #expect(error.kind == .badData)
        }
      }
    }
  }

  @Test("a PNG whose header claims too many pixels is refused before allocation")
  func lyingPNG() throws {
    let bytes = try Fixture.bytes("rgb.png")
    #expect(throws: ImageError.tooManyPixels("lie", width: 100_000, height: 9)) {
      try PNGFile.decode(withPNGSize(bytes, width: 100_000, height: 9), name: "lie")
    }
    #expect(throws: ImageError.tooManyPixels("lie", width: 16_000, height: 16_000)) {
      try PNGFile.decode(withPNGSize(bytes, width: 16_000, height: 16_000), name: "lie")
    }
    let claimed = withPNGSize(bytes, width: 9_000, height: 9_000)
    #expect(
      throws: ImageError.impossibleSize("lie", width: 9_000, height: 9_000, byteCount: bytes.count)
    ) {
      try PNGFile.decode(claimed, name: "lie")
    }
    #expect(throws: ImageError.self) {
      try PNGFile.decode(withPNGSize(bytes, width: 13, height: 10), name: "lie")
    }
    #expect(throws: ImageError.self) {
      try PNGFile.decode(withPNGSize(bytes, width: 0, height: 9), name: "lie")
    }
  }

  @Test("a JPEG whose header claims too many pixels is refused before allocation")
  func lyingJPEG() throws {
    var bytes = try Fixture.bytes("noise.jpg")
    let frame = try #require(
      bytes.indices.dropLast(9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xEA, 0x60, 0xEA, 0x60])
    #expect(throws: ImageError.tooManyPixels("lie", width: 60_000, height: 60_000)) {
      try JPEGFile.decode(bytes, name: "lie")
    }
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0x23, 0x28, 0x23, 0x28])
    #expect(
      throws: ImageError.impossibleSize("lie", width: 9_000, height: 9_000, byteCount: bytes.count)
    ) {
      try JPEGFile.decode(bytes, name: "lie")
    }
  }

  @Test("an error is one sentence with the file's name")
  func sentence() throws {
    let bytes = try Fixture.bytes("rgb.png").dropLast(20)
    let error = #expect(throws: ImageError.self) {
      try PNGFile.decode(Array(bytes), name: "a/b.png")
    }
    #expect(error?.description.contains("'a/b.png' is a damaged PNG picture") == true)
  }
}

/// The PNG with another size in its header, and the header's checksum made right.
private func withPNGSize(_ bytes: [UInt8], width: UInt32, height: UInt32) -> [UInt8] {
  var changed = bytes
  changed.replaceSubrange(16..<24, with: bigEndian(width) + bigEndian(height))
  changed.replaceSubrange(29..<33, with: bigEndian(crc32(changed[12..<29])))
  return changed
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
      value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1
    }
  }
}
