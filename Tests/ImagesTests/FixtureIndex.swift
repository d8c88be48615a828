import Foundation
import Images
import Manipulation
import Testing

/// What `Scripts/fixtures/images.py` wrote.
struct FixtureIndex: Decodable {
  struct Picture: Decodable, CustomTestStringConvertible, Sendable {
    var file: String
    var width: Int
    var height: Int
    var testDescription: String { file }

    /// The pixels that Pillow (or the format's definition) gives.
    func expected() throws -> RGBImage {
      RGBImage(width: width, height: height, pixels: try Fixture.bytes("\(file).rgb"))
    }
  }

  struct Pair: Decodable, CustomTestStringConvertible, Sendable {
    var source: String
    var result: String
    var testDescription: String { result }
  }

  struct Normalized: Decodable, CustomTestStringConvertible, Sendable {
    var source: String
    var result: String
    var mean: [Float]
    var std: [Float]
    var testDescription: String { result }
  }

  var pictures: [Picture]
  var resizes: [Pair]
  var normalized: [Normalized]
  var letterboxes: [Pair]
  var crops: [Pair]

  static let all: FixtureIndex = {
    do {
      let data = try Data(contentsOf: Fixture.url("index.json"))
      return try JSONDecoder().decode(FixtureIndex.self, from: data)
    } catch {
      preconditionFailure("Run Scripts/fixtures/images.py: \(error)")
    }
  }()
}

enum Fixture {
  static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
      .appendingPathComponent(name)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(name)))
  }

  static func image(_ name: String) throws -> RGBImage {
    try ImageFile.read(url(name))
  }
}

/// The largest difference of two pictures of the same size, in levels.
func largestDifference(_ a: RGBImage, _ b: RGBImage) -> Int {
  zip(a.pixels, b.pixels).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
}
