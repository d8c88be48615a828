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
  /// Where the parts were read from.
  let paths: TaskFiles

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
    self.paths = paths
    files = [:]
    for name in SceneText.files(of: objects) {
      let path = "\(paths.folder)/\(name)"
      let bytes = try LibraryFile.bytes(path, limit: Self.largestAsset)
      try Self.checkPicture(bytes, path)
      files[name] = bytes
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

  /// A PNG of few bytes can unpack to any size, and MuJoCo unpacks what it gets.
  private static func checkPicture(_ bytes: [UInt8], _ path: String) throws(TaskError) {
    guard path.hasSuffix(".png") else { return }
    // The signature, then the header's length, name, width and height.
    let sides = [16, 20].map { start in
      bytes.dropFirst(start).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
    let pixels = sides.reduce(1) { $0 * min($1, 1 << 20) }
    guard pixels <= SceneText.largestTextures else {
      throw .tooLarge(path: path, bytes: 3 * pixels, limit: 3 * SceneText.largestTextures)
    }
  }

  /// One MJCF text of everything, which stands for itself.
  var mjcf: String { tree.text() }

  /// What MuJoCo says of the whole text, as a complaint about the file that the fault is in.
  ///
  /// - Parameter problem: In MuJoCo's words, mostly with a line of the whole text.
  func complaint(about problem: String) -> TaskError {
    let unplaced = TaskError.invalidScene(path: paths.scene, problem: problem)
    guard let place = problem.firstMatch(of: /, line (\d+)/), let number = Int(place.1) else {
      return unplaced
    }
    let elements = tree.elements(atTextLine: number)
    guard let element = elements.last, element.line > 0 else { return unplaced }
    let section = elements.dropFirst().first
    let path = [(room, paths.room), (robot, paths.robot), (objects, paths.scene)]
      .first { part, _ in part.children.contains { $0 == section } }?.1
    return .refusedScene(
      path: path ?? paths.scene, line: element.line,
      problem: problem.replacing(place.0, with: ""))
  }

  private var tree: Markup {
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
    return root
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
