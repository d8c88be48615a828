import Failures
import Foundation
import Images
import Testing

@Suite("SVG to PNG")
struct SVGRendererTests {
  private func document(width: String = "40", height: String = "20", _ body: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
      width="\(width)" height="\(height)">\(body)</svg>
    """
  }

  /// Width and height from the header chunk of a PNG file.
  private func size(ofPNG bytes: [UInt8]) -> (Int, Int) {
    func number(at start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(at: 16), number(at: 20))
  }

  @Test("a drawing becomes a PNG of its own size times the scale", arguments: [1.0, 2.5])
  func drawsAtScale(scale: Double) throws {
    let png = try SVGRenderer.png(svg: document("<circle cx='9' cy='9' r='5'/>"), scale: scale)
    #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(size(ofPNG: png) == (Int(40 * scale), Int(20 * scale)))
  }

  @Test("what is drawn shows, and text has a font")
  func drawsShapesAndText() throws {
    let blank = try SVGRenderer.png(svg: document(""))
    let text = try SVGRenderer.png(
      svg: document("<text x='2' y='15' font-family='DejaVu Sans' font-size='12'>mole</text>"))
    #expect(blank != text)
    #expect(text.count > blank.count)
  }

  @Test("the same drawing gives the same bytes")
  func isDeterministic() throws {
    let svg = document("<text x='2' y='15'>layer</text><rect width='7' height='3'/>")
    #expect(try SVGRenderer.png(svg: svg) == SVGRenderer.png(svg: svg))
  }

  @Test("a text that is no SVG is bad data", arguments: ["", "mole", "<svg", "<html/>", "\u{0}"])
  func refusesOtherText(text: String) {
    let error = #expect(throws: SVGError.self) { try SVGRenderer.png(svg: text) }
    #expect(error?.kind == .badData)
  }

  @Test("a picture beyond all measure is refused before memory is taken")
  func refusesHugePictures() {
    #expect(throws: SVGError.tooLarge(width: 1e9, height: 20)) {
      try SVGRenderer.png(svg: document(width: "1000000000", ""))
    }
    #expect(throws: SVGError.self) { try SVGRenderer.png(svg: document(width: "0", "")) }
    #expect(throws: SVGError.self) { try SVGRenderer.png(svg: document(""), scale: .nan) }
  }

  @Test("a picture of another file is not loaded")
  func loadsNothingFromOutside() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "svg-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let secret = folder.appending(path: "secret.png")
    let black = try SVGRenderer.png(svg: document("<rect width='40' height='20'/>"))
    try Data(black).write(to: secret)
    let stealing = document(
      "<image width='40' height='20' xlink:href='\(secret.absoluteString)'/>")
    #expect(try SVGRenderer.png(svg: stealing) == SVGRenderer.png(svg: document("")))
  }
}
