/// A colour in sRGB, components from 0 to 255.
struct Color: Equatable {
  var red: Double
  var green: Double
  var blue: Double

  init(_ hex: UInt32) {
    red = Double(hex >> 16 & 0xFF)
    green = Double(hex >> 8 & 0xFF)
    blue = Double(hex & 0xFF)
  }

  static let ink = Color(0x1F2933)
  static let mutedInk = Color(0x5B6670)
  static let gridLine = Color(0xDFE3E8)
  static let frame = Color(0x9AA5B1)
  static let white = Color(0xFFFFFF)

  /// As CSS writes it.
  var css: String {
    let components = [red, green, blue].map { Int($0.rounded()) }
    return "rgb(" + components.map(String.init).joined(separator: ",") + ")"
  }

  /// How bright it looks, from 0 to 1 (the weights of ITU-R BT.709, gamma left aside).
  var brightness: Double { (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255 }

  /// Ink that is read easily on this colour.
  var readableInk: Color { brightness > 0.5 ? .ink : .white }

  func mixed(with other: Color, share: Double) -> Color {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    var mixed = self
    mixed.red = mix(red, other.red)
    mixed.green = mix(green, other.green)
    mixed.blue = mix(blue, other.blue)
    return mixed
  }
}

/// Colours that stand for numbers and for names, told apart by colour-blind readers too.
enum Palette {
  /// From almost white to dark blue, steadily darker, so that it reads in grey as well.
  private static let stops = [0xF4F7FA, 0xCFE0EE, 0x92BEDC, 0x4A90C2, 0x1F5F99, 0x0B2F5B]
    .map { Color(UInt32($0)) }

  /// The colour of a share from 0 (light) to 1 (dark).
  static func sequential(_ share: Double) -> Color {
    let position = min(1, max(0, share)) * Double(stops.count - 1)
    let lower = min(Int(position), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], share: position - Double(lower))
  }

  /// From brown over almost white to blue, dark at both ends.
  private static let divergingEnds = (low: Color(0x8C4A00), high: Color(0x0B2F5B))

  /// The colour of a number from −1 (brown) over 0 (almost white) to 1 (blue).
  static func diverging(_ value: Double) -> Color {
    let end = value < 0 ? divergingEnds.low : divergingEnds.high
    return stops[0].mixed(with: end, share: min(1, abs(value)))
  }

  /// Okabe and Ito's eight colours (2008), with grey for the yellow that is too light on white.
  private static let categories = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0x8A8A8A,
  ].map { Color(UInt32($0)) }

  static func category(_ index: Int) -> Color { categories[index % categories.count] }
}
