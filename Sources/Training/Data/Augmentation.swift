package import Manipulation

/// How pictures are varied in training; the standard is not at all.
///
/// Brightness, contrast and saturation are multiplied by factors drawn from `1 - x...1 + x`, each
/// against what torchvision's `ColorJitter` blends with: black, the picture's mean grey, each pixel's
/// grey. In this order, and clipped to bytes once, at the end.
package struct Augmentation: Codable, Equatable, Sendable {
  package var brightness: Double
  package var contrast: Double
  package var saturation: Double
  /// Pixels by which the picture moves at most, up, down and sideways; its edge is repeated.
  package var shift: Int

  package init(
    brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, shift: Int = 0
  ) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.shift = shift
  }

  /// A picture as the seed varies it.
  package func callAsFunction(_ picture: RGBImage, seed: UInt64) -> RGBImage {
    guard self != Augmentation() else { return picture }
    var generator = SeededGenerator(seed: seed)
    // Drawn whether used or not, so that one option changes nothing in another.
    let factors = [brightness, contrast, saturation].map { spread in
      Float(1 + spread * (2 * generator.uniform() - 1))
    }
    let span = 2 * Double(shift) + 1
    let right = Int(generator.uniform() * span) - shift
    let down = Int(generator.uniform() * span) - shift
    var varied = right == 0 && down == 0 ? picture : picture.shifted(right: right, down: down)
    varied.jitter(brightness: factors[0], contrast: factors[1], saturation: factors[2])
    return varied
  }
}

/// The grey of a colour, as television has it.
private func grey(_ red: Float, _ green: Float, _ blue: Float) -> Float {
  0.299 * red + 0.587 * green + 0.114 * blue
}

/// The nearest byte, the even one of two.
private func byte(_ value: Float) -> UInt8 {
  // At this size a float's last digit is 1, so its lowest bits are the sum's integer: several times
  // faster than a conversion that checks.
  let carrier: Float = 12_582_912
  return UInt8(truncatingIfNeeded: (min(max(value, 0), 255) + carrier).bitPattern)
}

extension RGBImage {
  /// The picture moved, its edges repeated where nothing comes after it.
  fileprivate func shifted(right: Int, down: Int) -> RGBImage {
    var moved: [UInt8] = []
    moved.reserveCapacity(pixels.count)
    for y in 0..<height {
      let row = min(height - 1, max(0, y - down)) * width
      for x in 0..<width {
        let source = (row + min(width - 1, max(0, x - right))) * 3
        moved.append(pixels[source])
        moved.append(pixels[source + 1])
        moved.append(pixels[source + 2])
      }
    }
    return RGBImage(width: width, height: height, pixels: moved)
  }

  fileprivate mutating func jitter(brightness: Float, contrast: Float, saturation: Float) {
    guard (brightness, contrast, saturation) != (1, 1, 1) else { return }
    let scale = brightness * contrast
    let offset = brightness * (1 - contrast) * meanGrey
    for start in stride(from: 0, to: pixels.count, by: 3) {
      let red = Float(pixels[start]) * scale + offset
      let green = Float(pixels[start + 1]) * scale + offset
      let blue = Float(pixels[start + 2]) * scale + offset
      let grey = grey(red, green, blue) * (1 - saturation)
      pixels[start] = byte(red * saturation + grey)
      pixels[start + 1] = byte(green * saturation + grey)
      pixels[start + 2] = byte(blue * saturation + grey)
    }
  }

  private var meanGrey: Float {
    var (red, green, blue) = (0, 0, 0)
    for start in stride(from: 0, to: pixels.count, by: 3) {
      red += Int(pixels[start])
      green += Int(pixels[start + 1])
      blue += Int(pixels[start + 2])
    }
    return grey(Float(red), Float(green), Float(blue)) / Float(max(1, width * height))
  }
}
