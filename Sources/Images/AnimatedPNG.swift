package import Foundation
package import Manipulation

/// Moving pictures as APNG: a PNG whose further frames lie in chunks that other readers skip.
///
/// Source: the Portable Network Graphics specification, third edition, sections 11.3.6 and 5.6.
package enum AnimatedPNG {
  /// Encodes frames that repeat without end; the same frames give the same bytes.
  ///
  /// - Parameters:
  ///   - frames: Pictures of one size.
  ///   - delay: Seconds that a frame is shown, in thousandths, up to 65.
  ///   - rest: Seconds that the last frame is shown.
  /// - Throws: `ImageError.cannotEncode`.
  /// - Precondition: There is a frame, and all have one size.
  package static func encode(
    _ frames: [RGBImage], delay: Double, rest: Double
  ) throws -> [UInt8] {
    guard let first = frames.first else { preconditionFailure("an animation needs a frame") }
    precondition(
      frames.allSatisfy { $0.width == first.width && $0.height == first.height },
      "the frames differ in size")
    var writer = PNGChunkWriter()
    let stills = try frames.map { try PNGChunk.list(of: PNGFile.encode($0)) }
    for chunk in stills[0] where chunk.name == "IHDR" { writer.append(chunk.name, chunk.data) }
    writer.append("acTL", bigEndian(UInt32(frames.count)) + bigEndian(0))
    for (index, still) in stills.enumerated() {
      let seconds = index == frames.count - 1 ? rest : delay
      writer.appendControl(width: first.width, height: first.height, seconds: seconds)
      for chunk in still where chunk.name == "IDAT" {
        index == 0 ? writer.append("IDAT", chunk.data) : writer.appendFrameData(chunk.data)
      }
    }
    writer.append("IEND", [])
    return writer.bytes
  }

  /// Writes an animation; the file appears whole or not at all.
  package static func write(
    _ frames: [RGBImage], delay: Double, rest: Double, to url: URL
  ) throws {
    try ImageFile.write(encode(frames, delay: delay, rest: rest), to: url)
  }
}

/// A named piece of a PNG.
struct PNGChunk: Equatable {
  let name: String
  let data: [UInt8]

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The pieces of a PNG that we encoded; whatever does not fit ends the list.
  static func list(of png: [UInt8]) -> [PNGChunk] {
    var chunks: [PNGChunk] = []
    var offset = signature.count
    while offset + 12 <= png.count {
      let length = png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= png.count - offset - 12 else { break }
      let body = offset + 8
      chunks.append(
        PNGChunk(
          name: String(decoding: png[offset + 4..<body], as: UTF8.self),
          data: Array(png[body..<body + length])))
      offset = body + length + 4
    }
    return chunks
  }
}

/// Puts a PNG together, piece by piece.
struct PNGChunkWriter {
  private(set) var bytes = PNGChunk.signature
  /// Counts the animation's own pieces.
  private var sequence: UInt32 = 0

  mutating func append(_ name: String, _ data: [UInt8]) {
    let named = Array(name.utf8) + data
    bytes += bigEndian(UInt32(data.count)) + named + bigEndian(CyclicRedundancyCheck.of(named))
  }

  /// What follows is a whole frame that replaces the one before.
  mutating func appendControl(width: Int, height: Int, seconds: Double) {
    let thousandths = UInt16((seconds * 1000).rounded().clamped(to: 0...65_535))
    let area = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + bigEndian(0) + bigEndian(0)
    let delay = bigEndian(UInt32(thousandths) << 16 | 1000)
    append("fcTL", nextSequence() + area + delay + [0, 0])
  }

  mutating func appendFrameData(_ data: [UInt8]) {
    append("fdAT", nextSequence() + data)
  }

  private mutating func nextSequence() -> [UInt8] {
    defer { sequence += 1 }
    return bigEndian(sequence)
  }
}

/// The CRC-32 of PNG, annex D of its specification.
enum CyclicRedundancyCheck {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  static func of(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = .max
    for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
    return ~value
  }
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    isNaN ? range.lowerBound : min(max(self, range.lowerBound), range.upperBound)
  }
}
