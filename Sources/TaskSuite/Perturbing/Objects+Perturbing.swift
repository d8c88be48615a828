internal import Manipulation

/// Changes of the MJCF of a task's objects.
extension Markup {
  /// Gives bodies and what hangs on them other colours; what they share keeps being shared.
  mutating func recolour(_ bodies: [String], using generator: inout SeededGenerator) {
    let hueShift = generator.uniform(in: 0.15...0.85)
    let classes = GeomDefaults(self)
    var materials: Set<String> = []
    for index in children.indices where children[index].name == "worldbody" {
      children[index].recolourGeoms(
        Set(bodies), isObject: false, childClass: nil, classes: classes, materials: &materials,
        hueShift: hueShift, using: &generator)
    }
    recolourAssets(materials, hueShift: hueShift, using: &generator)
  }

  private mutating func recolourGeoms(
    _ bodies: Set<String>, isObject: Bool, childClass: String?, classes: GeomDefaults,
    materials: inout Set<String>, hueShift: Double, using generator: inout SeededGenerator
  ) {
    for index in children.indices {
      let child = children[index]
      switch child.name {
      case "body", "frame":
        let isNamed = child["name"].map(bodies.contains) ?? false
        children[index].recolourGeoms(
          bodies, isObject: isObject || isNamed, childClass: child["childclass"] ?? childClass,
          classes: classes, materials: &materials, hueShift: hueShift, using: &generator)
      case "geom" where isObject:
        let defaults = classes.attributes(of: child["class"] ?? childClass)
        if child["rgba"] != nil || child["material"] == nil && defaults["rgba"] != nil {
          children[index]["rgba"] = child["rgba"] ?? defaults["rgba"]
          children[index].recolour("rgba", hueShift: hueShift, using: &generator)
        } else if let material = child["material"] ?? defaults["material"] {
          materials.insert(material)
        }
      default: break
      }
    }
  }

  /// Recolours materials, and the textures that they show.
  private mutating func recolourAssets(
    _ materials: Set<String>, hueShift: Double, using generator: inout SeededGenerator
  ) {
    var numbers = generator
    var textures: Set<String> = []
    update { element in
      guard element.name == "material", let name = element["name"], materials.contains(name)
      else { return }
      if let texture = element["texture"] {
        textures.insert(texture)
      } else {
        element.recolour("rgba", hueShift: hueShift, using: &numbers)
      }
    }
    update { element in
      guard element.name == "texture", let name = element["name"], textures.contains(name)
      else { return }
      for channel in ["rgb1", "rgb2", "markrgb"] {
        element.recolour(channel, hueShift: hueShift, using: &numbers)
      }
    }
    generator = numbers
  }

  /// Varies a colour attribute, if there is one, and keeps its opacity.
  private mutating func recolour(
    _ name: String, hueShift: Double, using generator: inout SeededGenerator
  ) {
    guard let values = numbers(name), values.count >= 3 else { return }
    let colour = Colour(rgb: [values[0], values[1], values[2]])
    let varied = colour.varied(hueShift: hueShift, using: &generator).rgb.text
    self[name] = values.dropFirst(3).reduce(varied) { "\($0) \($1.brief)" }
  }
}

/// What the default classes of an MJCF text say about geoms.
private struct GeomDefaults {
  private var byClass: [String: [String: String]] = [:]

  init(_ root: Markup) {
    for section in root.children where section.name == "default" { add(section, inherited: [:]) }
  }

  func attributes(of name: String?) -> [String: String] {
    name.flatMap { byClass[$0] } ?? [:]
  }

  private mutating func add(_ element: Markup, inherited: [String: String]) {
    var attributes = inherited
    for geom in element.children where geom.name == "geom" {
      for attribute in geom.attributes { attributes[attribute.name] = attribute.value }
    }
    if let name = element["class"] { byClass[name] = attributes }
    for child in element.children where child.name == "default" {
      add(child, inherited: attributes)
    }
  }
}
