internal import Yams

extension TaskDefinition {
  /// The largest `task.yaml` in bytes.
  package static let largestFile = 1 << 16

  static let keys = [
    "version", "summary", "instructions", "paraphrases", "variations", "objects", "graspable",
    "placement", "success", "expert", "budget", "workspace_objects",
  ]

  /// Reads the task `name` from `path`.
  ///
  /// - Throws: `TaskError` that names file, line and key.
  package static func read(name: String, path: String) throws(TaskError) -> TaskDefinition {
    try parse(try LibraryFile.text(path, limit: largestFile), name: name, path: path)
  }

  /// Reads the task `name` out of text that came from `path`.
  package static func parse(
    _ text: String, name: String, path: String
  ) throws(TaskError) -> TaskDefinition {
    let node = try LibraryFile.compose(text, path: path)
    let fields = try Fields(node, path: path, place: "a task", key: "task", keys: keys)
    return TaskDefinition(
      name: name, version: try fields.integer("version", in: 1...1_000_000),
      summary: try fields.text("summary"), objects: try fields.names("objects", count: 1...40),
      graspable: fields.has("graspable") ? try fields.names("graspable", count: 0...8) : [],
      workspaceObjects: fields.has("workspace_objects")
        ? try fields.names("workspace_objects", count: 0...40) : nil,
      budget: try fields.integer("budget", in: 1...200),
      variations: try variations(fields), path: path,
      lines: Dictionary(uniqueKeysWithValues: fields.names.map { ($0, fields.line(of: $0)) }))
  }

  private static func variations(_ fields: Fields) throws(TaskError) -> [TaskVariation] {
    guard fields.has("variations") else { return [try TaskVariation(fields, values: [:])] }
    var variations: [TaskVariation] = []
    for node in try fields.list("variations", count: 1...100) {
      let values = try values(node, path: fields.path)
      variations.append(try TaskVariation(fields, values: values))
    }
    return variations
  }

  /// The values of one variation by name.
  private static func values(_ node: Node, path: String) throws(TaskError) -> [String: String] {
    var values: [String: String] = [:]
    for (name, value) in node.mapping ?? [:] {
      guard let word = name.scalar?.string, word.isName, let text = value.scalar?.string,
        1...60 ~= text.count, !text.contains("{"), !text.hasControls
      else {
        throw .wrongValue(
          path: path, line: name.line, key: "variations", found: value.words,
          expected: "short texts by name, such as {slot: left}")
      }
      values[word] = text
    }
    guard !values.isEmpty else {
      throw .wrongValue(
        path: path, line: node.line, key: "variations", found: node.words,
        expected: "values by name, such as {slot: left}")
    }
    return values
  }
}

extension TaskVariation {
  /// Reads what depends on the variation, with its values in the place of `{name}`.
  fileprivate init(_ task: Fields, values: [String: String]) throws(TaskError) {
    func node(_ key: String) throws(TaskError) -> Node {
      try task.node(key).replacing(values, path: task.path, key: key)
    }
    func fields(_ keys: [String]) throws(TaskError) -> Fields {
      var nodes: [String: Node] = [:]
      for key in keys where task.has(key) { nodes[key] = try node(key) }
      return Fields(path: task.path, place: task.place, line: task.line, nodes: nodes)
    }
    let words = try fields(["instructions", "paraphrases"])
    self.init(
      values: values, instructions: try words.texts("instructions", count: 1...40),
      paraphrases: words.has("paraphrases") ? try words.texts("paraphrases", count: 1...40) : [],
      placement: try PlacementRule(task.has("placement") ? node("placement") : nil, in: task),
      success: try SuccessCondition.list(try fields(["success"])),
      expert: try WayPoint.list(try fields(["expert"])))
  }
}

extension Node {
  /// The tree with `{name}` replaced in every text.
  ///
  /// - Throws: `wrongValue` for a name that the variation does not give.
  fileprivate func replacing(
    _ values: [String: String], path: String, key: String
  ) throws(TaskError) -> Node {
    switch self {
    case .scalar(let scalar):
      guard scalar.string.contains("{") else { return self }
      let text = values.reduce(scalar.string) { $0.replacing("{\($1.key)}", with: $1.value) }
      guard !text.contains("{"), !text.contains("}") else {
        throw .wrongValue(
          path: path, line: line, key: key, found: words,
          expected: values.isEmpty
            ? "no braces in a task without variations"
            : "only \(values.keys.sorted().map { "{\($0)}" }.joined(separator: ", ")) in braces")
      }
      return .scalar(Scalar(text, scalar.tag, scalar.style, scalar.mark))
    case .sequence(let entries):
      var replaced: [Node] = []
      for entry in entries { replaced.append(try entry.replacing(values, path: path, key: key)) }
      return .sequence(Sequence(replaced, .implicit, .any, mark))
    case .mapping(let pairs):
      var replaced: [(Node, Node)] = []
      for (name, value) in pairs {
        replaced.append((name, try value.replacing(values, path: path, key: key)))
      }
      return .mapping(Mapping(replaced, .implicit, .any, mark))
    case .alias: return self
    }
  }
}
