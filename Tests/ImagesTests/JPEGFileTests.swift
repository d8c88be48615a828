import Images
import Manipulation
import Testing

struct JPEGFileTests {
  @Test(
    "a JPEG decodes to Pillow's pixels exactly",
    arguments: FixtureIndex.all.pictures.filter { $0.file.hasSuffix(".jpg") })
  func readsAsPillow(picture: FixtureIndex.Picture) throws {
    let (decoded, expected) = try (
      JPEGFile.read(Fixture.url(picture.file)), picture.expected()
    )
    #expect(decoded.width == expected.width && decoded.height == expected.height)
    #expect(largestDifference(decoded, expected) == 0)
  }

  @Test("a smooth picture survives encoding nearly unchanged", arguments: [true, false])
  func roundTrip(halvesChroma: Bool) throws {
    let image = try Fixture.image("resize_scene.png")
    let bytes = try JPEGFile.encode(image, quality: 98, halvesChroma: halvesChroma)
    let again = try ImageFile.decode(bytes, name: "memory")
    let total = zip(image.pixels, again.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(Double(total) / Double(image.pixels.count) < 6)
    #expect(bytes.count < image.pixels.count)
  }
}
