internal import CRSVG

/// Draws SVG as PNG with librsvg and cairo.
///
/// The document is given without a base address, so librsvg loads nothing from outside it: no
/// files, no network.
package enum SVGRenderer {
  /// The most pixels of a picture's side.
  package static let largestSide = 16_384

  /// Draws `svg` on white.
  ///
  /// - Parameters:
  ///   - svg: An SVG document with a width and height of its own.
  ///   - scale: Pixels of the picture for each pixel of the document.
  /// - Returns: The bytes of a PNG file, 8-bit RGB.
  /// - Throws: When the text is no SVG, or the picture has no size or one beyond `largestSide`.
  package static func png(svg: String, scale: Double = 1) throws(SVGError) -> [UInt8] {
    let document = try SVGDocument(text: svg)
    let size = try document.size()
    let (width, height) = ((size.width * scale).rounded(.up), (size.height * scale).rounded(.up))
    let sides = 1...Double(largestSide)
    guard sides.contains(width), sides.contains(height) else {
      throw .tooLarge(width: width, height: height)
    }
    let canvas = try Canvas(width: Int(width), height: Int(height))
    try canvas.draw(document)
    return try canvas.png()
  }
}

/// A parsed SVG document; owns librsvg's handle.
@safe private struct SVGDocument: ~Copyable {
  let handle: OpaquePointer

  init(text: String) throws(SVGError) {
    var error: UnsafeMutablePointer<GError>?
    let bytes = Array(text.utf8)
    let handle = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe rsvg_handle_new_from_data(buffer.baseAddress, buffer.count, &error)
    }
    guard let handle = unsafe handle else {
      throw .unreadable(reason: unsafe takeMessage(of: error))
    }
    unsafe self.handle = handle
  }

  deinit { unsafe g_object_unref(UnsafeMutableRawPointer(handle)) }

  /// Width and height in pixels.
  func size() throws(SVGError) -> (width: Double, height: Double) {
    var (width, height) = (0.0, 0.0)
    guard unsafe rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height) != 0 else {
      throw .noSize
    }
    return (width, height)
  }
}

/// An RGB picture in memory to draw on; owns cairo's surface and context.
@safe private struct Canvas: ~Copyable {
  private let surface: OpaquePointer
  private let context: OpaquePointer
  private let width: Int
  private let height: Int

  init(width: Int, height: Int) throws(SVGError) {
    let rgb24: Int32 = 1
    // cairo answers with an object in a state of error, never with none.
    guard let surface = unsafe cairo_image_surface_create(rgb24, Int32(width), Int32(height)),
      let context = unsafe cairo_create(surface)
    else { throw .notDrawn(reason: "no surface") }
    unsafe self.surface = surface
    unsafe self.context = context
    self.width = width
    self.height = height
    unsafe cairo_set_source_rgb(context, 1, 1, 1)
    unsafe cairo_paint(context)
  }

  deinit {
    unsafe cairo_destroy(context)
    unsafe cairo_surface_destroy(surface)
  }

  /// Draws the document over the whole picture.
  borrowing func draw(_ document: borrowing SVGDocument) throws(SVGError) {
    try Canvas.check(unsafe cairo_surface_status(surface))
    var viewport = RsvgRectangle(x: 0, y: 0, width: Double(width), height: Double(height))
    var error: UnsafeMutablePointer<GError>?
    guard unsafe rsvg_handle_render_document(document.handle, context, &viewport, &error) != 0
    else { throw .notDrawn(reason: unsafe takeMessage(of: error)) }
    try Canvas.check(unsafe cairo_status(context))
  }

  /// The picture as a PNG file.
  borrowing func png() throws(SVGError) -> [UInt8] {
    var bytes: [UInt8] = []
    let status = unsafe withUnsafeMutablePointer(to: &bytes) { bytes in
      unsafe cairo_surface_write_to_png_stream(
        surface,
        { sink, data, count in
          let chunk = unsafe UnsafeBufferPointer(start: data, count: Int(count))
          unsafe sink?.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: chunk)
          return 0
        }, bytes)
    }
    try Canvas.check(status)
    return bytes
  }

  /// Turns a `cairo_status_t` into an error.
  private static func check(_ status: Int32) throws(SVGError) {
    guard status != 0 else { return }
    let text = unsafe cairo_status_to_string(status)
    throw .notDrawn(reason: unsafe text.map { unsafe String(cString: $0) } ?? "status \(status)")
  }
}

/// librsvg's own words for its failure; frees them.
private func takeMessage(of error: UnsafeMutablePointer<GError>?) -> String {
  guard let error = unsafe error else { return "no reason given" }
  defer { unsafe g_error_free(error) }
  guard let message = unsafe error.pointee.message else { return "no reason given" }
  return unsafe String(cString: message)
}
