internal import Yams

extension SuccessCondition {
  static let keys = ["joint_moved", "detected", "not_detected", "nothing_grasped"]

  /// Reads the list `success` of a task.
  static func list(_ task: Fields) throws(TaskError) -> [SuccessCondition] {
    var conditions: [SuccessCondition] = []
    for node in try task.list("success", count: 1...20) {
      conditions.append(try SuccessCondition(node, path: task.path))
    }
    return conditions
  }

  private init(_ node: Node, path: String) throws(TaskError) {
    let fields = try Fields(
      node, path: path, place: "a success condition", key: "success", keys: Self.keys)
    guard fields.names.count == 1, let key = fields.names.first else {
      throw .wrongValue(
        path: path, line: fields.line, key: "success", found: "\(fields.names.count) conditions",
        expected: "one condition an entry")
    }
    self.init(kind: try Self.kind(key, fields), line: fields.line)
  }

  private static func kind(_ key: String, _ fields: Fields) throws(TaskError) -> Kind {
    func inner(_ keys: [String]) throws(TaskError) -> Fields {
      try Fields(
        try fields.node(key), path: fields.path, place: "'\(key)'", key: key, keys: keys)
    }
    switch key {
    case "joint_moved":
      let inner = try inner(["joint", "at_least"])
      return .jointMoved(
        joint: try inner.name("joint"), atLeast: try inner.number("at_least", in: 0...100))
    case "detected":
      let inner = try inner(["objects", "volume", "at_least"])
      let objects = try inner.names("objects", count: 1...40)
      let atLeast =
        inner.has("at_least")
        ? try inner.integer("at_least", in: 1...objects.count) : objects.count
      return .detected(objects: objects, volume: try inner.name("volume"), atLeast: atLeast)
    case "not_detected":
      let inner = try inner(["objects", "volume"])
      return .notDetected(
        objects: try inner.names("objects", count: 1...40), volume: try inner.name("volume"))
    default:
      guard try fields.flag(key, default: true) else { throw fields.wrong(key, expected: "true") }
      return .nothingGrasped
    }
  }
}
