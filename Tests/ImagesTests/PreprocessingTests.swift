import Images
import Manipulation
import Testing

struct PreprocessingTests {
  @Test("bicubic resizing equals Pillow's bit for bit", arguments: FixtureIndex.all.resizes)
  func resize(pair: FixtureIndex.Pair) throws {
    let expected = try Fixture.image(pair.result)
    let resized = try Fixture.image(pair.source)
      .resizedBicubic(width: expected.width, height: expected.height)
    #expect(resized == expected)
  }

  @Test("letterboxing pads and resizes as Pillow does", arguments: FixtureIndex.all.letterboxes)
  func letterbox(pair: FixtureIndex.Pair) throws {
    let boxed = try Fixture.image(pair.source).letterboxed(to: 28, fill: [123, 116, 103])
    #expect(try boxed == Fixture.image(pair.result))
  }

  @Test("the centre crop keeps the given share of the area", arguments: FixtureIndex.all.crops)
  func crop(pair: FixtureIndex.Pair) throws {
    let source = try Fixture.image(pair.source)
    #expect(try source.centerCropped(areaFraction: 0.9) == Fixture.image(pair.result))
    #expect(source.centerCropped(areaFraction: 1) == source)
  }

  @Test("normalised pixels equal torch's bit for bit", arguments: FixtureIndex.all.normalized)
  func normalize(fixture: FixtureIndex.Normalized) throws {
    let values = try Fixture.image(fixture.source).normalizedCHW(
      mean: SIMD3(fixture.mean), std: SIMD3(fixture.std))
    let bytes = try Fixture.bytes(fixture.result)
    let expected = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
    #expect(values == expected)
  }

  @Test("a contact sheet puts every picture in its cell on the background")
  func contactSheet() {
    let red = RGBImage(filling: 2, 1, with: [255, 0, 0])
    let green = RGBImage(filling: 1, 2, with: [0, 255, 0])
    let sheet = RGBImage.contactSheet(
      rows: [[red, green], [green]], padding: 1, background: [9, 9, 9])
    #expect(sheet.width == 1 + 2 + 1 + 1 + 1 && sheet.height == 1 + 2 + 1 + 2 + 1)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      Array(sheet.pixels[(y * sheet.width + x) * 3..<(y * sheet.width + x) * 3 + 3])
    }
    #expect(pixel(0, 0) == [9, 9, 9] && pixel(1, 1) == [255, 0, 0] && pixel(2, 1) == [255, 0, 0])
    #expect(pixel(1, 2) == [9, 9, 9] && pixel(4, 2) == [0, 255, 0] && pixel(1, 5) == [0, 255, 0])
    #expect(pixel(2, 4) == [9, 9, 9])
  }
}
