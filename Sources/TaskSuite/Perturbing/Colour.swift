internal import Foundation
internal import Manipulation

/// A colour as hue, saturation and value, each in [0, 1].
struct Colour: Equatable {
  var hue: Double
  var saturation: Double
  var value: Double

  init(hue: Double, saturation: Double, value: Double) {
    (self.hue, self.saturation, self.value) = (hue, saturation, value)
  }

  /// Of red, green and blue in [0, 1].
  init(rgb: SIMD3<Double>) {
    let (high, low) = (rgb.max(), rgb.min())
    let spread = high - low
    value = high
    saturation = high > 0 ? spread / high : 0
    guard spread > 0 else {
      hue = 0
      return
    }
    let sixth =
      if high == rgb.x {
        (rgb.y - rgb.z) / spread
      } else if high == rgb.y {
        (rgb.z - rgb.x) / spread + 2
      } else {
        (rgb.x - rgb.y) / spread + 4
      }
    hue = (sixth / 6).fraction
  }

  var rgb: SIMD3<Double> {
    func channel(_ offset: Double) -> Double {
      let k = ((offset + hue * 6) / 6).fraction * 6
      return value - value * saturation * max(0, min(k, 4 - k, 1))
    }
    return [channel(5), channel(3), channel(1)]
  }

  /// A colour that a person would call another one; grey gets a tint.
  func varied(hueShift: Double, using generator: inout SeededGenerator) -> Colour {
    let tint = saturation < 0.15 ? generator.uniform(in: 0.1...0.4) : 0
    return Colour(
      hue: (hue + hueShift).fraction,
      saturation: min(1, max(0, saturation * generator.uniform(in: 0.75...1.2) + tint)),
      value: min(0.95, max(0.12, value * generator.uniform(in: 0.8...1.15))))
  }
}

extension Double {
  /// The part after the point, in [0, 1).
  fileprivate var fraction: Double { self - rounded(.down) }

  /// The number as files hold it: at most six digits after the point.
  var brief: String {
    let text = String(format: "%.6f", self)
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return trimmed.isEmpty || text.hasPrefix("-0.000000") ? "0" : String(trimmed.reversed())
  }
}

extension SIMD3<Double> {
  /// Three numbers as MJCF writes them.
  var text: String { "\(x.brief) \(y.brief) \(z.brief)" }
}

extension Markup {
  /// An attribute's numbers.
  func numbers(_ name: String) -> [Double]? {
    let words = self[name]?.split(whereSeparator: \.isWhitespace)
    let values = words?.compactMap { Double($0) } ?? []
    return values.count == words?.count && !values.isEmpty ? values : nil
  }

  /// An attribute's first three numbers.
  func vector(_ name: String) -> SIMD3<Double>? {
    guard let values = numbers(name), values.count >= 3 else { return nil }
    return [values[0], values[1], values[2]]
  }
}
