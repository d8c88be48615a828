import Foundation

/// What a `tokenizer.json` does to a text before it is split.
indirect enum TextNormalizer: Sendable {
  case sequence([TextNormalizer])
  case prepend([UInt8])
  case replace([UInt8], with: [UInt8])
  case strip(left: Bool, right: Bool)
  case lowercase
  case canonical(composed: Bool)
  case compatible(composed: Bool)

  init(_ fields: JSONFields) throws(TokenizerFault) {
    switch try fields.type() {
    case "Sequence":
      var parts: [TextNormalizer] = []
      for part in try fields.list("normalizers") { parts.append(try TextNormalizer(part)) }
      self = .sequence(parts)
    case "Prepend": self = .prepend(try fields.bytes("prepend").utf8)
    case "Replace":
      self = .replace(try fields.textPattern(), with: try fields.bytes("content").utf8)
    case "Strip":
      self = .strip(
        left: try fields.flag("strip_left", default: true),
        right: try fields.flag("strip_right", default: true))
    case "Lowercase": self = .lowercase
    case "NFC": self = .canonical(composed: true)
    case "NFD": self = .canonical(composed: false)
    case "NFKC": self = .compatible(composed: true)
    case "NFKD": self = .compatible(composed: false)
    case let other: throw .unsupported("the normalizer '\(other)'")
    }
  }

  /// Whether a text may lose its beginning.
  var stripsLeft: Bool {
    switch self {
    case .sequence(let parts): parts.contains(where: \.stripsLeft)
    case .strip(let left, _): left
    case .replace(_, let replacement): replacement.isEmpty
    case .prepend, .lowercase, .canonical, .compatible: false
    }
  }

  func apply(to text: [UInt8]) -> [UInt8] {
    switch self {
    case .sequence(let parts): return parts.reduce(text) { $1.apply(to: $0) }
    case .prepend(let prefix): return text.isEmpty ? text : prefix + text
    case .replace(let pattern, let replacement):
      return text.replacing(pattern, with: replacement)
    case .strip(let left, let right):
      var scalars = Substring(String(decoding: text, as: UTF8.self)).unicodeScalars
      while left, scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
      while right, scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
      return Array(Substring(scalars).utf8)
    case .lowercase:
      let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
      return scalars.flatMap { Array($0.properties.lowercaseMapping.utf8) }
    case .canonical(let composed):
      let string = String(decoding: text, as: UTF8.self)
      return Array(
        (composed
          ? string.precomposedStringWithCanonicalMapping
          : string.decomposedStringWithCanonicalMapping).utf8)
    case .compatible(let composed):
      let string = String(decoding: text, as: UTF8.self)
      return Array(
        (composed
          ? string.precomposedStringWithCompatibilityMapping
          : string.decomposedStringWithCompatibilityMapping).utf8)
    }
  }
}
