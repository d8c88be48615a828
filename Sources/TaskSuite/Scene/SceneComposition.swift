internal import Physics

/// The parts that a task's world is put together of, as MJCF trees.
struct SceneComposition: Sendable {
  var room: Markup
  var robot: Markup
  var objects: Markup
  /// Free bodies that get a weld to the hand.
  var graspable: [String]
  /// Meshes and textures by the name that the objects' MJCF uses.
  var files: [String: [UInt8]]
  var taskName: String

  /// Reads a task's parts.
  ///
  /// - Throws: `TaskError` naming file and line.
  init(task: TaskDefinition, files paths: TaskFiles) throws(TaskError) {
    room = try SceneText.readCommon(paths.room)
    robot = try SceneText.readCommon(paths.robot)
    objects = try SceneText.read(paths.scene)
    graspable = task.graspable
    try Self.check(task, in: objects)
    taskName = task.name
    files = [:]
    for name in SceneText.files(of: objects) {
      files[name] = try LibraryFile.bytes(
        "\(paths.folder)/\(name)", limit: Self.largestAsset)
    }
  }

  /// A weld to a body that is not there would be MuJoCo's complaint, without our file and line.
  private static func check(_ task: TaskDefinition, in objects: Markup) throws(TaskError) {
    var bodies: [String] = []
    try objects.visit { (element) throws(TaskError) in
      if element.name == "body", let name = element["name"] { bodies.append(name) }
    }
    for name in task.graspable where !bodies.contains(name) {
      throw .missingPart(
        path: task.path, line: task.line(of: "graspable"), part: "body", name: name, known: bodies)
    }
  }

  /// The largest mesh or texture in bytes.
  private static let largestAsset = 4 << 20

  /// One MJCF text of everything, which stands for itself.
  var mjcf: String {
    var root = Markup(name: "mujoco", attributes: [.init(name: "model", value: taskName)])
    if !graspable.isEmpty {
      let count = String(World.graspWidth * graspable.count)
      root.children.append(
        Markup(name: "size", attributes: [.init(name: "nuserdata", value: count)]))
    }
    root.children += room.children + robot.children + objects.children
    if !graspable.isEmpty {
      root.children.append(Markup(name: "equality", children: graspable.map(Self.weld)))
    }
    return root.text()
  }

  /// The inactive weld that holds a body to the hand while it is grasped.
  private static func weld(_ body: String) -> Markup {
    Markup(
      name: "weld",
      attributes: [
        .init(name: "name", value: World.graspPrefix + body),
        .init(name: "body1", value: PandaArm.handName), .init(name: "body2", value: body),
        .init(name: "active", value: "false"), .init(name: "solref", value: "0.005 1"),
        .init(name: "solimp", value: "0.95 0.99 0.001"),
      ])
  }
}
