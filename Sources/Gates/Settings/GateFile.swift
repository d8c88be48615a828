internal import Files
internal import Foundation
internal import PlainYAML
internal import Yams

/// Gates as YAML text.
///
/// A gate file names what it changes; what it does not name stays as `GateSettings` has it.
package enum GateFile {
  /// The largest gate file that is read, in bytes.
  private static let largestFile = 1 << 16
  private static let bracketLimit = 64

  /// Reads a gate file.
  ///
  /// - Throws: `GateError` with file, line and key.
  package static func read(path: String) throws(GateError) -> GateSettings {
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.bytes(of: path, limit: largestFile)
    } catch {
      throw .fileNotReadable(path: path, reason: reason(error))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .fileSyntax(path: path, line: 1, problem: "it is no UTF-8 text")
    }
    return try settings(yaml: text, path: path)
  }

  /// Reads a gate out of text that came from `path`.
  package static func settings(yaml: String, path: String) throws(GateError) -> GateSettings {
    let node: Node?
    do {
      node = try PlainYAML.compose(yaml, bracketLimit: bracketLimit)
    } catch {
      throw .fileSyntax(path: path, line: error.line, problem: error.problem)
    }
    guard let node else { return GateSettings() }
    var reader = GateReader(path: path)
    try reader.read(node, section: nil)
    return reader.settings
  }

  /// The gate with every key, each explained.
  package static func yaml(_ settings: GateSettings) -> String {
    var lines: [(text: String, comment: String)] = []
    var section: String?
    for field in GateField.all {
      if field.section != section, let name = field.section { lines.append(("\(name):", "")) }
      section = field.section
      let indent = section == nil ? "" : "  "
      lines.append(("\(indent)\(field.key): \(field.text(settings))", field.comment))
    }
    let width = (lines.map(\.text.count).max() ?? 0) + 2
    return lines.map { text, comment in
      guard !comment.isEmpty else { return text + "\n" }
      return text + String(repeating: " ", count: width - text.count) + "# \(comment)\n"
    }.joined()
  }

  private static func reason(_ fault: FileFault) -> String {
    switch fault {
    case .missing: "it does not exist"
    case .tooLarge(let bytes, let limit): "it has \(bytes) bytes, more than \(limit)"
    case .unreadable(let reason), .cannotWrite(let reason): reason
    }
  }
}

/// Takes a gate out of a tree.
private struct GateReader {
  let path: String
  var settings = GateSettings()

  mutating func read(_ node: Node, section: String?) throws(GateError) {
    guard let mapping = node.mapping else {
      let problem = section.map { "'\($0)' has no 'key: value' lines below it" }
      throw .fileSyntax(
        path: path, line: node.mark?.line ?? 1, problem: problem ?? "expected 'key: value' lines")
    }
    for (key, value) in mapping {
      let name = key.scalar?.string ?? "(no plain word)"
      if section == nil, GateField.all.contains(where: { $0.section == name }) {
        try read(value, section: name)
      } else {
        try take(name, value, section: section, line: key.mark?.line ?? 1)
      }
    }
  }

  private mutating func take(
    _ key: String, _ value: Node, section: String?, line: Int
  ) throws(GateError) {
    let fields = GateField.all.filter { $0.section == section }
    guard let field = fields.first(where: { $0.key == key }) else {
      let sections = section == nil ? GateField.all.compactMap(\.section).inOrder : []
      throw .unknownKey(
        path: path, line: line, key: section.map { "\($0).\(key)" } ?? key,
        known: fields.map(\.key) + sections)
    }
    guard field.read(value, &settings) else {
      throw .wrongValue(path: path, line: line, key: field.path, expected: field.expected)
    }
  }
}
