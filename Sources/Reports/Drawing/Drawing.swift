internal import Files
internal import Foundation

/// A picture of rectangles, lines and words, in pixels from the upper left corner, written as
/// SVG.
struct Drawing {
  static let fontFamily = "DejaVu Sans, Verdana, sans-serif"

  let width: Double
  let height: Double
  private var elements: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String {
    case start
    case middle
    case end
  }

  struct TextStyle {
    var size = 12.0
    var anchor = Anchor.start
    var isBold = false
    var color = Color.ink
    /// Degrees clockwise about the text's position.
    var rotation = 0.0
  }

  /// A filled rectangle; `hint` shows when the pointer rests on it.
  mutating func rectangle(
    _ frame: Frame, fill: Color, stroke: Color? = nil, hint: String? = nil
  ) {
    var attributes = frame.attributes + " fill=\"\(fill.css)\""
    if let stroke { attributes += " stroke=\"\(stroke.css)\" stroke-width=\"1\"" }
    guard let hint else {
      elements.append("<rect \(attributes)/>")
      return
    }
    elements.append("<rect \(attributes)><title>\(Drawing.escaped(hint))</title></rect>")
  }

  /// A rectangle without filling.
  mutating func outline(_ frame: Frame, stroke: Color) {
    elements.append(
      "<rect \(frame.attributes) fill=\"none\" stroke=\"\(stroke.css)\" stroke-width=\"1\"/>")
  }

  mutating func line(
    from start: Point, to end: Point, stroke: Color, width: Double = 1, isDashed: Bool = false
  ) {
    let dash = isDashed ? " stroke-dasharray=\"4 3\"" : ""
    elements.append(
      "<line x1=\"\(start.x.svg)\" y1=\"\(start.y.svg)\" x2=\"\(end.x.svg)\" y2=\"\(end.y.svg)\""
        + " stroke=\"\(stroke.css)\" stroke-width=\"\(width.svg)\"\(dash)/>")
  }

  /// Lines from each point to the next.
  mutating func polyline(_ points: [Point], stroke: Color, width: Double = 1) {
    guard points.count > 1 else { return }
    let corners = points.map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ")
    elements.append(
      "<polyline points=\"\(corners)\" fill=\"none\" stroke=\"\(stroke.css)\""
        + " stroke-width=\"\(width.svg)\" stroke-linejoin=\"round\"/>")
  }

  /// A closed polygon with a white rim, so that it stands out from lines below it.
  mutating func polygon(_ corners: [Point], fill: Color, hint: String? = nil) {
    let points = corners.map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ")
    let title = hint.map { "<title>\(Drawing.escaped($0))</title>" } ?? ""
    elements.append(
      "<polygon points=\"\(points)\" fill=\"\(fill.css)\" stroke=\"white\""
        + " stroke-width=\"1\">\(title)</polygon>")
  }

  /// A line of text; `position` is the start, middle or end of its baseline.
  mutating func text(_ text: String, at position: Point, _ style: TextStyle = TextStyle()) {
    var attributes = "x=\"\(position.x.svg)\" y=\"\(position.y.svg)\""
    attributes += " font-size=\"\(style.size.svg)\""
    attributes += " fill=\"\(style.color.css)\" text-anchor=\"\(style.anchor.rawValue)\""
    if style.isBold { attributes += " font-weight=\"bold\"" }
    if style.rotation != 0 {
      attributes +=
        " transform=\"rotate(\(style.rotation.svg) \(position.x.svg) \(position.y.svg))\""
    }
    elements.append("<text \(attributes)>\(Drawing.escaped(text))</text>")
  }

  /// The document; `title` and `summary` are for who cannot see the picture.
  func svg(title: String, summary: String) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width.svg)" height="\(height.svg)" \
    viewBox="0 0 \(width.svg) \(height.svg)" font-family="\(Drawing.fontFamily)" role="img">
    <title>\(Drawing.escaped(title))</title>
    <desc>\(Drawing.escaped(summary))</desc>
    <rect width="\(width.svg)" height="\(height.svg)" fill="white"/>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  /// The text as XML holds it, in elements and in attributes.
  static func escaped(_ text: String) -> String {
    XMLText.escaped(text.visible)
  }
}

struct Point {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

struct Frame {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var maxX: Double { x + width }
  var maxY: Double { y + height }

  fileprivate var attributes: String {
    "x=\"\(x.svg)\" y=\"\(y.svg)\" width=\"\(width.svg)\" height=\"\(height.svg)\""
  }
}

extension Double {
  /// A coordinate to a hundredth of a pixel.
  fileprivate var svg: String {
    let hundredths = (self * 100).rounded()
    guard hundredths.isFinite, abs(hundredths) < 1e12 else { return "0" }
    let whole = Int(hundredths)
    return whole.isMultiple(of: 100)
      ? String(whole / 100) : String(format: "%.2f", Double(whole) / 100)
  }
}
