internal import CPNG
package import Foundation
package import Manipulation

/// PNG pictures, through libpng.
package enum PNGFile {
  /// A deflated byte stands for at most this many bytes (the format's own limit).
  private static let largestDeflateRatio = 1032

  /// Reads a PNG of any colour type as 8-bit RGB.
  ///
  /// As in Pillow's `convert("RGB")`, transparency is dropped and nothing is gamma-corrected;
  /// of 16-bit samples the high byte is kept.
  ///
  /// - Throws: `ImageError` when the file is missing, no PNG, too large or damaged.
  package static func read(_ url: URL) throws -> RGBImage {
    try decode(ImageFile.bytes(of: url), name: url.path)
  }

  /// Decodes a PNG in memory; see `read(_:)`.
  ///
  /// - Parameter name: What an error calls the picture.
  package static func decode(_ bytes: [UInt8], name: String) throws -> RGBImage {
    guard matches(bytes) else { throw ImageError.wrongFormat(name, expected: "PNG") }
    let report = try readHeader(bytes, name: name)
    let (width, height) = (Int(report.width), Int(report.height))
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    try readPixels(bytes, into: &pixels, name: name)
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// Encodes a picture as 8-bit RGB; the same picture gives the same bytes.
  package static func encode(_ image: RGBImage) throws -> [UInt8] {
    let (width, height) = (image.width, image.height)
    guard 1...ImageLimits.side ~= width, 1...ImageLimits.side ~= height else {
      throw ImageError.cannotEncode(
        width: width, height: height, reason: "its size is out of range")
    }
    var report = mole_png_report()
    let bound = mole_png_size_bound(UInt32(width), UInt32(height))
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      unsafe count = mole_png_write(
        image.pixels, UInt32(width), UInt32(height), buffer.baseAddress, bound, &report)
    }
    guard !bytes.isEmpty else {
      throw ImageError.cannotEncode(width: width, height: height, reason: message(report))
    }
    return bytes
  }

  /// Writes a picture; the file appears whole or not at all.
  package static func write(_ image: RGBImage, to url: URL) throws {
    try ImageFile.write(encode(image), to: url)
  }

  static func matches(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  private static func readHeader(_ bytes: [UInt8], name: String) throws -> mole_png_report {
    var report = mole_png_report()
    guard unsafe mole_png_read(bytes, bytes.count, UInt32(Int32.max), &report, nil, 0) == 1 else {
      throw ImageError.corrupt(name, format: "PNG", reason: message(report))
    }
    let (width, height) = (Int(report.width), Int(report.height))
    try ImageLimits.check(width: width, height: height, name: name)
    let rawCount = width * height * Int(report.bit_depth * report.channel_count) / 8
    guard rawCount / largestDeflateRatio <= bytes.count else {
      throw ImageError.impossibleSize(name, width: width, height: height, byteCount: bytes.count)
    }
    return report
  }

  private static func readPixels(_ bytes: [UInt8], into pixels: inout [UInt8], name: String) throws
  {
    var report = mole_png_report()
    let side = UInt32(ImageLimits.side)
    let capacity = pixels.count
    guard unsafe mole_png_read(bytes, bytes.count, side, &report, &pixels, capacity) == 1 else {
      throw ImageError.corrupt(name, format: "PNG", reason: message(report))
    }
  }

  private static func message(_ report: mole_png_report) -> String {
    var report = report
    return unsafe String(cString: mole_png_message(&report))
  }
}
