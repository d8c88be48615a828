internal import Yams

extension PlacementRule {
  /// The whole plane of RLBench's work space.
  private static let workspaceX = -0.075...0.575
  private static let workspaceY = -0.455...0.455
  private static let turn = -360.0...360.0

  static let keys = ["x", "y", "yaw", "attempts", "joints", "bodies"]

  /// Reads the rule; without one the root may stand anywhere in any direction.
  init(_ node: Node?, in task: Fields) throws(TaskError) {
    let node = node ?? .mapping(Node.Mapping([], .implicit, .any, nil))
    let fields = try Fields(
      node, path: task.path, place: "'placement'", key: "placement", keys: Self.keys)
    self.init(
      x: try fields.interval("x", in: -0.275...0.775, default: Self.workspaceX),
      y: try fields.interval("y", in: -0.655...0.655, default: Self.workspaceY),
      yaw: try fields.interval("yaw", in: Self.turn, default: -180...180).inRadians,
      attempts: fields.has("attempts") ? try fields.integer("attempts", in: 1...1000) : 40,
      joints: try Self.joints(fields), bodies: try Self.bodies(fields))
  }

  private static func joints(_ fields: Fields) throws(TaskError) -> [JointDraw] {
    guard fields.has("joints") else { return [] }
    var draws: [JointDraw] = []
    for node in try fields.list("joints", count: 0...40) {
      let draw = try Fields(
        node, path: fields.path, place: "a joint's placement", key: "joints",
        keys: ["joint", "between"])
      draws.append(
        JointDraw(
          joint: try draw.name("joint"), range: try draw.interval("between", in: -10...10),
          line: draw.line))
    }
    return draws
  }

  private static func bodies(_ fields: Fields) throws(TaskError) -> [BodyDraw] {
    guard fields.has("bodies") else { return [] }
    var draws: [BodyDraw] = []
    for node in try fields.list("bodies", count: 0...40) {
      let draw = try Fields(
        node, path: fields.path, place: "a body's placement", key: "bodies",
        keys: ["body", "among", "x", "y", "yaw"])
      draws.append(
        BodyDraw(
          body: try draw.name("body"),
          sites: draw.has("among") ? try draw.names("among", count: 1...40) : [],
          x: try draw.interval("x", in: -1...1, default: 0...0),
          y: try draw.interval("y", in: -1...1, default: 0...0),
          yaw: try draw.interval("yaw", in: turn, default: 0...0).inRadians, line: draw.line))
    }
    return draws
  }
}

extension ClosedRange<Double> {
  fileprivate var inRadians: ClosedRange<Double> {
    lowerBound * .pi / 180...upperBound * .pi / 180
  }
}
