internal import Manipulation
internal import Yams

extension WayPoint {
  static let keys = [
    "name", "frame", "position", "rotation", "gripper", "turns", "upright", "carry",
    "straight", "avoid_collisions",
  ]

  /// Reads the list `expert` of a task.
  ///
  /// - Throws: Also when way points have different numbers of turns.
  static func list(_ task: Fields) throws(TaskError) -> [WayPoint] {
    var points: [WayPoint] = []
    var turnCount: Int?
    for node in try task.list("expert", count: 1...20) {
      let fields = try Fields(
        node, path: task.path, place: "a way point", key: "expert", keys: keys)
      let point = try WayPoint(fields)
      if fields.has("turns") {
        if let turnCount, turnCount != point.turns.count {
          throw fields.wrong("turns", expected: "\(turnCount) turns as in the way points before")
        }
        turnCount = point.turns.count
      }
      points.append(point)
    }
    return points
  }

  private init(_ fields: Fields) throws(TaskError) {
    self.init(
      name: try fields.text("name"),
      frame: fields.has("frame") ? try fields.name("frame") : SceneNames.root,
      position: try fields.vector("position", in: -2...2),
      rotation: Rotation(extrinsicXYZ: try fields.vector("rotation", in: -360...360) * .pi / 180),
      opensGripper: try Self.opensGripper(fields),
      turns: fields.has("turns")
        ? try fields.numbers("turns", count: 1...16, in: -360...360).map { $0 * .pi / 180 } : [],
      isUpright: try fields.flag("upright", default: false),
      carriedBody: fields.has("carry") ? try fields.name("carry") : nil,
      isStraight: try fields.flag("straight", default: false),
      avoidsCollisions: try fields.flag("avoid_collisions", default: false), line: fields.line)
  }

  private static func opensGripper(_ fields: Fields) throws(TaskError) -> Bool {
    switch try fields.text("gripper") {
    case "open": return true
    case "closed", "close": return false
    default: throw fields.wrong("gripper", expected: "open or closed")
    }
  }
}
