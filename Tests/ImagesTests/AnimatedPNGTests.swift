import Foundation
import Images
import Manipulation
import Testing

@Suite("Animated PNG")
struct AnimatedPNGTests {
  /// Frames that differ in every pixel.
  private let frames: [RGBImage] = (0..<3).map { frame in
    RGBImage(
      width: 5, height: 4,
      pixels: (0..<60).map { UInt8(truncatingIfNeeded: $0 * 7 + frame * 31) })
  }

  /// The chunks as (name, data), by an own reading.
  private func chunks(_ png: [UInt8]) -> [(name: String, data: [UInt8])] {
    var chunks: [(String, [UInt8])] = []
    var rest = png.dropFirst(8)
    while rest.count >= 12 {
      let length = rest.prefix(4).reduce(0) { $0 * 256 + Int($1) }
      let name = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
      chunks.append((name, Array(rest.dropFirst(8).prefix(length))))
      rest = rest.dropFirst(12 + length)
    }
    return chunks
  }

  @Test("every other reader sees the first frame")
  func firstFrame() throws {
    let png = try AnimatedPNG.encode(frames, delay: 0.5, rest: 2)
    #expect(try PNGFile.decode(png, name: "animation") == frames[0])
  }

  @Test("the control chunks tell number, size, order and times")
  func control() throws {
    let found = chunks(try AnimatedPNG.encode(frames, delay: 0.5, rest: 2))
    #expect(
      found.map(\.name)
        == ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"])
    #expect(found[1].data == [0, 0, 0, 3, 0, 0, 0, 0])
    let controls = found.filter { $0.name == "fcTL" }.map(\.data)
    #expect(controls.map { $0[3] } == [0, 1, 3])
    #expect(controls.allSatisfy { $0[4..<12] == [0, 0, 0, 5, 0, 0, 0, 4] && $0.count == 26 })
    #expect(controls.map { Int($0[20]) * 256 + Int($0[21]) } == [500, 500, 2000])
    #expect(controls.allSatisfy { $0[22..<26] == [0x03, 0xE8, 0, 0] })
    #expect(found.filter { $0.name == "fdAT" }.map { $0.data[3] } == [2, 4])
  }

  @Test("libpng accepts every frame's data and every checksum", arguments: [0, 1, 2])
  func everyFrame(frame: Int) throws {
    let found = chunks(try AnimatedPNG.encode(frames, delay: 0.5, rest: 2))
    // A still made of the frame's data; libpng computes its own picture of it.
    let data = found.filter { ["IDAT", "fdAT"].contains($0.name) }[frame]
    let deflated = data.name == "IDAT" ? data.data : Array(data.data.dropFirst(4))
    let still = chunks(try PNGFile.encode(frames[frame])).first { $0.name == "IDAT" }
    #expect(deflated == still?.data)
  }

  @Test("checksums are those of the format")
  func checksums() throws {
    let png = try AnimatedPNG.encode([frames[0]], delay: 0, rest: 0)
    // Known of every PNG: the empty last chunk.
    #expect(png.suffix(12) == [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
    // The header's checksum as libpng wrote it.
    let libpng = try PNGFile.encode(frames[0])
    #expect(png.prefix(33) == libpng.prefix(33))
  }
}
