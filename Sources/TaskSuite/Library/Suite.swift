package import Manipulation
internal import Yams

/// A named list of tasks, as `suites.yaml` says it.
package struct Suite: Equatable, Sendable {
  package var name: String
  package var summary: String
  package var tasks: [String]
  /// Switched on for every episode.
  package var perturbations: [Perturbation]
  /// The line of the list of tasks, for complaints.
  var line: Int
}

extension Suite {
  /// Reads `suites.yaml`, by name in the file's order.
  ///
  /// - Throws: `TaskError` with the line.
  static func read(_ path: String) throws(TaskError) -> [Suite] {
    try parse(try LibraryFile.text(path, limit: 1 << 16), path: path)
  }

  package static func parse(_ text: String, path: String) throws(TaskError) -> [Suite] {
    let node = try LibraryFile.compose(text, path: path)
    guard let mapping = node.mapping, mapping.count <= 100 else {
      throw .wrongValue(
        path: path, line: node.line, key: "suites", found: node.words,
        expected: "a mapping of suites by name")
    }
    var suites: [Suite] = []
    for (name, value) in mapping {
      guard let word = name.scalar?.string, word.isFolderName(allowing: "-") else {
        throw .wrongValue(
          path: path, line: name.line, key: "suites", found: name.words,
          expected: "a name of lower-case letters, digits, '_' and '-'")
      }
      suites.append(try Suite(word, value, path: path))
    }
    return suites
  }

  private init(_ name: String, _ node: Node, path: String) throws(TaskError) {
    let fields = try Fields(
      node, path: path, place: "a suite", key: name, keys: ["summary", "tasks", "perturbations"])
    self.init(
      name: name, summary: fields.has("summary") ? try fields.text("summary") : "",
      tasks: try fields.names("tasks", count: 1...100),
      perturbations: try Self.perturbations(fields), line: fields.line(of: "tasks"))
  }

  private static func perturbations(_ fields: Fields) throws(TaskError) -> [Perturbation] {
    let key = "perturbations"
    guard fields.has(key) else { return [] }
    if let word = try fields.node(key).scalar?.string, word == "all" {
      return Perturbation.allCases
    }
    let words = try fields.texts(key, count: 0...Perturbation.allCases.count)
    let found = words.compactMap(Perturbation.init(rawValue:))
    guard found.count == words.count else {
      let all = Perturbation.allCases.map(\.rawValue).joined(separator: ", ")
      throw fields.wrong(key, expected: "all, or a list of \(all)")
    }
    return found
  }
}
