internal import Foundation
internal import Manipulation

/// Changes of the room's MJCF.
extension Markup {
  /// Other directions, brightness and tints of the lights.
  mutating func relight(using generator: inout SeededGenerator) {
    let brightness = generator.uniform(in: 0.65...1.2)
    let tilt = generator.uniform(in: -0.65...0.65)
    var numbers = generator
    update { element in
      switch element.name {
      case "light": element.relight(brightness: brightness, tilt: tilt, using: &numbers)
      case "headlight":
        for name in ["ambient", "diffuse"] { element.scale(name, by: brightness) }
      default: break
      }
    }
    generator = numbers
  }

  private mutating func relight(
    brightness: Double, tilt: Double, using generator: inout SeededGenerator
  ) {
    let tint: SIMD3<Double> = [
      generator.uniform(in: 0.85...1.1), generator.uniform(in: 0.9...1.05),
      generator.uniform(in: 0.8...1.1),
    ]
    if let diffuse = vector("diffuse") {
      self["diffuse"] =
        (diffuse * tint * brightness).clamped(lowerBound: .zero, upperBound: .one)
        .text
    }
    // The light that casts shadows keeps away from x, as the room says why, and looks at the same
    // place of the table from elsewhere.
    guard self["castshadow"] == "true", let place = vector("pos"), let direction = vector("dir")
    else { return }
    let height = place.z - Table.height
    let target = place + direction * (height / -direction.z)
    self["dir"] = SIMD3(0, tilt, -1).text
    self["pos"] = SIMD3(target.x, target.y - tilt * height, place.z).text
  }

  private mutating func scale(_ name: String, by factor: Double) {
    guard let colour = vector(name) else { return }
    self[name] = (colour * factor).clamped(lowerBound: .zero, upperBound: .one).text
  }

  /// Another pattern and other colours of the table's top.
  mutating func retexture(using generator: inout SeededGenerator) {
    let colour = Colour(
      hue: generator.uniform(), saturation: generator.uniform(in: 0.1...0.55),
      value: generator.uniform(in: 0.4...0.9))
    let other = Colour(
      hue: colour.hue, saturation: colour.saturation,
      value: max(0.15, colour.value + generator.uniform(in: -0.2...0.2)))
    let pattern = ["checker", "flat", "gradient"][generator.index(below: 3)]
    let repeats = [1, 4, 10, 20].map { Double($0) }
    let (across, along) = (repeats[generator.index(below: 4)], repeats[generator.index(below: 4)])
    update { element in
      guard element["name"] == "room_table" else { return }
      switch element.name {
      case "texture":
        element["builtin"] = pattern
        element["mark"] = nil
        element["rgb1"] = colour.rgb.text
        element["rgb2"] = other.rgb.text
      case "material": element["texrepeat"] = "\(across.brief) \(along.brief)"
      default: break
      }
    }
  }

  /// Shifts and turns the fixed cameras a little.
  mutating func moveCameras(using generator: inout SeededGenerator) {
    var numbers = generator
    update { element in
      guard element.name == "camera", let place = element.vector("pos"),
        let axes = element.numbers("xyaxes"), axes.count == 6
      else { return }
      let shift = SIMD3(
        numbers.uniform(in: -0.06...0.06), numbers.uniform(in: -0.06...0.06),
        numbers.uniform(in: -0.06...0.06))
      let turn = Rotation(
        extrinsicXYZ: SIMD3(
          numbers.uniform(in: -3...3), numbers.uniform(in: -3...3), numbers.uniform(in: -3...3))
          * (.pi / 180))
      let x = turn.apply(to: [axes[0], axes[1], axes[2]])
      let y = turn.apply(to: [axes[3], axes[4], axes[5]])
      element["pos"] = (place + shift).text
      element["xyaxes"] = "\(x.text) \(y.text)"
    }
    generator = numbers
  }
}
