import Failures
import Foundation
import Images
import Manipulation
import Testing

struct PNGFileTests {
  @Test(
    "a PNG of any colour type reads as Pillow reads it",
    arguments: FixtureIndex.all.pictures.filter { $0.file.hasSuffix(".png") })
  func readsAsPillow(picture: FixtureIndex.Picture) throws {
    #expect(try PNGFile.read(Fixture.url(picture.file)) == picture.expected())
  }

  @Test("what is encoded is decoded unchanged, and encoding repeats itself")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 3)
    let pixels = (0..<31 * 17 * 3).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let image = RGBImage(width: 31, height: 17, pixels: pixels)
    let bytes = try PNGFile.encode(image)
    #expect(try PNGFile.decode(bytes, name: "memory") == image)
    #expect(try PNGFile.encode(image) == bytes)
  }

  @Test("a written file is read back, and a folder that is not there is an error")
  func writing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let file = folder.appendingPathComponent("a.png")
    let image = RGBImage(filling: 3, 2, with: [1, 2, 3])
    #expect { try PNGFile.write(image, to: file) } throws: { error in
      (error as? ImageError)?.kind == .cannotWrite
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try PNGFile.write(image, to: file)
    #expect(try ImageFile.read(file) == image)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.png"])
  }

  @Test("a missing file is missing input, and another format is bad data")
  func wrongFiles() throws {
    let missing = try Fixture.url("nowhere.png")
    #expect(throws: ImageError.missingFile(missing.path)) { try PNGFile.read(missing) }
    let folder = FileManager.default.temporaryDirectory
    #expect(throws: ImageError.unreadable(folder.path, reason: "it is no regular file")) {
      try PNGFile.read(folder)
    }
    #expect(throws: ImageError.wrongFormat("memory", expected: "PNG")) {
      try PNGFile.decode(Fixture.bytes("noise.jpg"), name: "memory")
    }
    #expect(throws: ImageError.wrongFormat("memory", expected: "PNG or JPEG")) {
      try ImageFile.decode([1, 2, 3], name: "memory")
    }
  }

  @Test("an empty picture is not encoded")
  func emptyPicture() {
    #expect(throws: ImageError.self) {
      try PNGFile.encode(RGBImage(width: 0, height: 4, pixels: []))
    }
  }
}
