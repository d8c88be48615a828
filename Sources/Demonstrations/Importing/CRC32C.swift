/// The Castagnoli cyclic redundancy check, and TFRecord's masked form of it.
package enum CRC32C {
  /// Eight tables of 256: the effect of a byte at each of eight places.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
    }
    return tables
  }()

  package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let tables = tables
    var crc = UInt32.max
    var position = bytes.startIndex
    while bytes.endIndex - position >= 8 {
      var next: UInt32 = 0
      for place in 0..<8 {
        let low = place < 4 ? UInt8(truncatingIfNeeded: crc >> UInt32(8 * place)) : 0
        next ^= tables[(7 - place) * 256 + Int(bytes[position + place] ^ low)]
      }
      crc = next
      position += 8
    }
    for byte in bytes[position...] {
      crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
    }
    return ~crc
  }

  /// TFRecord rotates and shifts the checksum, so that data holding checksums check well.
  package static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let crc = checksum(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }
}
