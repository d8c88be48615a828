internal import Files
package import Foundation
package import Manipulation

/// Reads a picture of any format we know by its first bytes; names and extensions are not trusted.
package enum ImageFile {
  /// - Throws: `ImageError` when the file is missing, of another format, too large or damaged.
  package static func read(_ url: URL) throws -> RGBImage {
    try decode(bytes(of: url), name: url.path)
  }

  /// - Parameter name: What an error calls the picture.
  package static func decode(_ bytes: [UInt8], name: String) throws -> RGBImage {
    if PNGFile.matches(bytes) { return try PNGFile.decode(bytes, name: name) }
    if JPEGFile.matches(bytes) { return try JPEGFile.decode(bytes, name: name) }
    throw ImageError.wrongFormat(name, expected: "PNG or JPEG")
  }

  /// The bytes of a picture file, which is at most `ImageLimits.byteCount` long.
  static func bytes(of url: URL) throws(ImageError) -> [UInt8] {
    do {
      return try RegularFile.bytes(of: url.path, limit: ImageLimits.byteCount)
    } catch {
      throw ImageError(error, path: url.path)
    }
  }

  /// The file appears under its name when it is complete.
  static func write(_ bytes: [UInt8], to url: URL) throws(ImageError) {
    do {
      try PartialFile.write(bytes, to: url.path)
    } catch {
      throw ImageError(error, path: url.path)
    }
  }
}
