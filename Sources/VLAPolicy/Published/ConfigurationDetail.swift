internal import Checkpoints

/// One number or name of a configuration.
package struct ConfigurationDetail: Sendable {
  /// The way to it in our config.json, such as `towers.0.width`.
  package let path: String
  package let value: String
  package let origin: DetailOrigin
}

extension ModelConfiguration {
  /// Every detail by its path, as config.json would have it.
  func leaves() throws -> [(path: String, value: String)] {
    try JSONFile.value(encoding: self).leaves.map { ($0.path, $0.value.sentenceText) }
  }
}

extension JSONValue {
  /// The values that are no objects, by their paths; a list is one value unless it holds objects.
  var leaves: [(path: String, value: JSONValue)] { leaves(below: "") }

  private func leaves(below path: String) -> [(path: String, value: JSONValue)] {
    let start = path.isEmpty ? "" : "\(path)."
    switch self {
    case .object(let object):
      return object.members.flatMap { $0.value.leaves(below: start + $0.key.string) }
    case .array(let values) where values.contains(where: { $0.object != nil }):
      return values.enumerated().flatMap { $0.element.leaves(below: "\(start)\($0.offset)") }
    default: return [(path, self)]
    }
  }
}

extension String {
  /// The path of what holds the detail.
  var droppingLastStep: String {
    split(separator: ".").dropLast().joined(separator: ".")
  }
}
