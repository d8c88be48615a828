internal import CTurboJPEG
package import Foundation
package import Manipulation

/// JPEG pictures, through libjpeg-turbo.
package enum JPEGFile {
  /// Each block of 64 pixels takes at least one bit, so a byte stands for at most 512 pixels.
  private static let largestPixelCountPerByte = 512

  /// Reads a JPEG as 8-bit RGB, with the exact inverse DCT and smooth chroma, as Pillow does.
  ///
  /// - Throws: `ImageError` when the file is missing, no JPEG, too large or damaged; a decoder's
  ///   warning counts as damage.
  package static func read(_ url: URL) throws -> RGBImage {
    try decode(ImageFile.bytes(of: url), name: url.path)
  }

  /// Decodes a JPEG in memory; see `read(_:)`.
  ///
  /// - Parameter name: What an error calls the picture.
  package static func decode(_ bytes: [UInt8], name: String) throws -> RGBImage {
    guard matches(bytes) else { throw ImageError.wrongFormat(name, expected: "JPEG") }
    let codec = try JPEGCodec(decoding: name)
    let (width, height) = try codec.readSize(bytes, name: name)
    try ImageLimits.check(width: width, height: height, name: name)
    guard width * height / largestPixelCountPerByte <= bytes.count else {
      throw ImageError.impossibleSize(name, width: width, height: height, byteCount: bytes.count)
    }
    return try codec.decode(bytes, width: width, height: height, name: name)
  }

  /// Encodes a picture.
  ///
  /// - Parameters:
  ///   - quality: 1 (small) to 100 (good).
  ///   - halvesChroma: Whether colour is stored at half the resolution (4:2:0), as is usual.
  package static func encode(
    _ image: RGBImage, quality: Int = 95, halvesChroma: Bool = true
  ) throws -> [UInt8] {
    precondition(1...100 ~= quality, "A JPEG quality is 1 to 100, not \(quality)")
    let (width, height) = (image.width, image.height)
    guard 1...ImageLimits.side ~= width, 1...ImageLimits.side ~= height else {
      throw ImageError.cannotEncode(
        width: width, height: height, reason: "its size is out of range")
    }
    return try JPEGCodec.encode(image, quality: quality, halvesChroma: halvesChroma)
  }

  static func matches(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xD8, 0xFF])
  }
}

/// One libjpeg-turbo handle, closed with its owner.
@safe
private struct JPEGCodec: ~Copyable {
  private let handle: tjhandle

  init(decoding name: String) throws {
    guard let handle = unsafe tjInitDecompress() else {
      throw ImageError.corrupt(name, format: "JPEG", reason: "libjpeg-turbo does not start")
    }
    unsafe self.handle = handle
  }

  private init(encoding image: RGBImage) throws {
    guard let handle = unsafe tjInitCompress() else {
      throw ImageError.cannotEncode(
        width: image.width, height: image.height, reason: "libjpeg-turbo does not start")
    }
    unsafe self.handle = handle
  }

  deinit { _ = unsafe tjDestroy(handle) }

  func readSize(_ bytes: [UInt8], name: String) throws -> (width: Int, height: Int) {
    var (width, height, chroma, colors) = (Int32(0), Int32(0), Int32(0), Int32(0))
    let status = unsafe tjDecompressHeader3(
      handle, bytes, UInt(bytes.count), &width, &height, &chroma, &colors)
    guard status == 0 else { throw ImageError.corrupt(name, format: "JPEG", reason: reason) }
    return (Int(width), Int(height))
  }

  func decode(_ bytes: [UInt8], width: Int, height: Int, name: String) throws -> RGBImage {
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    let status = unsafe tjDecompress2(
      handle, bytes, UInt(bytes.count), &pixels, Int32(width), 0, Int32(height), mole_jpeg_rgb(),
      mole_jpeg_decode_flags())
    guard status == 0 else { throw ImageError.corrupt(name, format: "JPEG", reason: reason) }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  static func encode(_ image: RGBImage, quality: Int, halvesChroma: Bool) throws -> [UInt8] {
    let codec = try JPEGCodec(encoding: image)
    let (width, height) = (Int32(image.width), Int32(image.height))
    let chroma = halvesChroma ? mole_jpeg_half_chroma() : mole_jpeg_full_chroma()
    let capacity = Int(tjBufSize(width, height, chroma))
    var status: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var start = buffer.baseAddress
      var size = UInt(capacity)
      status = unsafe tjCompress2(
        codec.handle, image.pixels, width, 0, height, mole_jpeg_rgb(), &start, &size, chroma,
        Int32(quality), mole_jpeg_encode_flags())
      count = status == 0 ? Int(size) : 0
    }
    guard status == 0 else {
      throw ImageError.cannotEncode(
        width: image.width, height: image.height, reason: codec.reason)
    }
    return bytes
  }

  private var reason: String { unsafe String(cString: tjGetErrorStr2(handle)) }
}
