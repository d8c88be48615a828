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
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: url.resolvingSymlinksInPath().path)
    guard let attributes, let size = attributes[.size] as? Int else {
      throw .missingFile(url.path)
    }
    // A pipe or a device has no size and no end.
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw .unreadable(url.path, reason: "it is no regular file")
    }
    guard size <= ImageLimits.byteCount else {
      throw .fileTooLarge(url.path, byteCount: size, limit: ImageLimits.byteCount)
    }
    do {
      return [UInt8](try Data(contentsOf: url))
    } catch {
      throw .unreadable(url.path, reason: error.localizedDescription)
    }
  }

  /// Writes to a temporary name and renames, so that no half-written file has the final name.
  static func write(_ bytes: [UInt8], to url: URL) throws(ImageError) {
    do {
      try Data(bytes).write(to: url, options: .atomic)
    } catch {
      throw .cannotWrite(url.path, reason: error.localizedDescription)
    }
  }
}
