/// The check of a task's `scene.xml` before MuJoCo sees it.
enum SceneText {
  /// The largest MJCF file in bytes.
  static let largestFile = 1 << 20

  /// What a scene is made of; the room and the robot bring the rest.
  private static let sections = [
    "asset", "default", "worldbody", "equality", "contact", "tendon",
  ]

  /// Elements that read other files, run code, or make many elements of one.
  private static let refused: Set<String> = [
    "include", "plugin", "extension", "model", "attach", "composite", "flexcomp",
    "flex", "deformable", "skin", "hfield", "custom",
  ]

  /// Reads and checks the MJCF of a task's objects.
  ///
  /// - Throws: `refusedScene` with the line.
  static func read(_ path: String) throws(TaskError) -> Markup {
    try check(try Markup.read(try LibraryFile.text(path, limit: largestFile), path: path), path)
  }

  /// Reads MJCF of the room or the robot: our own, but no less careful about files.
  static func readCommon(_ path: String) throws(TaskError) -> Markup {
    let root = try Markup.read(try LibraryFile.text(path, limit: largestFile), path: path)
    try checkElements(root, path, allowsFiles: false)
    return root
  }

  static func check(_ root: Markup, _ path: String) throws(TaskError) -> Markup {
    guard root.name == "mujoco" else {
      throw .refusedScene(path: path, line: root.line, problem: "expected the element 'mujoco'")
    }
    for section in root.children {
      guard sections.contains(section.name) else {
        throw .refusedScene(
          path: path, line: section.line,
          problem: "'\(section.name.shown)' is not allowed, a scene has only"
            + " \(sections.joined(separator: ", "))")
      }
      if section.name == "default" { try checkDefaults(section, path) }
    }
    try checkElements(root, path, allowsFiles: true)
    return root
  }

  /// Defaults without a class would also change the robot and the room.
  private static func checkDefaults(_ section: Markup, _ path: String) throws(TaskError) {
    for child in section.children where child.name != "default" || child["class"] == nil {
      throw .refusedScene(
        path: path, line: child.line,
        problem: "defaults need a class of their own (<default><default class=\"…\">), or they"
          + " would change the robot and the room")
    }
  }

  private static func checkElements(
    _ root: Markup, _ path: String, allowsFiles: Bool
  ) throws(TaskError) {
    try root.visit { (element) throws(TaskError) in
      if refused.contains(element.name) {
        throw .refusedScene(
          path: path, line: element.line, problem: "the element '\(element.name)' is not allowed")
      }
      if element.name == "replicate" { try checkReplication(element, path) }
      for attribute in element.attributes {
        try check(attribute, of: element, path, allowsFiles: allowsFiles)
      }
    }
    try checkAmount(root, path)
  }

  /// The most pixels of all textures together; a pixel takes 3 bytes, and as much again to draw it.
  static let largestTextures = 1 << 24

  /// Bounds what copies and textures add up to, each of which may be fine alone.
  private static func checkAmount(_ root: Markup, _ path: String) throws(TaskError) {
    var (pixels, copies) = (0, 0)
    try root.visit { (element) throws(TaskError) in
      switch element.name {
      case "texture":
        let side = element["width"].flatMap { Int($0) } ?? 0
        let height = element["height"].flatMap { Int($0) } ?? side
        pixels += element["type"] == "2d" ? side * height : 6 * side * max(side, height)
      case "replicate":
        copies += (element["count"].flatMap { Int($0) } ?? 0) * element.elementCount
      default: break
      }
      guard pixels <= largestTextures else {
        throw .refusedScene(
          path: path, line: element.line,
          problem: "the textures up to here have more than \(largestTextures) pixels")
      }
      guard copies <= Markup.elementLimit else {
        throw .refusedScene(
          path: path, line: element.line,
          problem: "the copies up to here have more than \(Markup.elementLimit) elements")
      }
    }
  }

  /// A few copies are fine; copies of copies soon fill the memory.
  private static func checkReplication(_ element: Markup, _ path: String) throws(TaskError) {
    guard let count = element["count"].flatMap({ Int($0) }), 1...100 ~= count else {
      throw .refusedScene(
        path: path, line: element.line, problem: "the 'count' of 'replicate' must be in 1...100")
    }
    for child in element.children {
      try child.visit { (inner) throws(TaskError) in
        guard inner.name != "replicate" else {
          throw .refusedScene(
            path: path, line: inner.line, problem: "'replicate' may not stand within another one")
        }
      }
    }
  }

  private static func check(
    _ attribute: Markup.Attribute, of element: Markup, _ path: String, allowsFiles: Bool
  ) throws(TaskError) {
    func refuse(_ problem: String) -> TaskError {
      .refusedScene(path: path, line: element.line, problem: problem)
    }
    switch attribute.name {
    case let name where name.hasPrefix("file"):
      guard allowsFiles, name == "file", ["mesh", "texture"].contains(element.name) else {
        throw refuse("the attribute '\(name.shown)' of '\(element.name)' is not allowed")
      }
      guard isFileName(attribute.value) else {
        throw refuse(
          "the file '\(attribute.value.shown)' must be a .png, .obj or .stl in the task's own folder"
        )
      }
    case "plugin", "meshdir", "texturedir", "assetdir":
      throw refuse("the attribute '\(attribute.name)' is not allowed")
    case "builtin" where element.name == "mesh":
      // It makes as many corners as its parameters say.
      throw refuse("a mesh must come from a file")
    case "width", "height":
      guard element.name != "texture" || Int(attribute.value).map({ 1...2048 ~= $0 }) == true else {
        throw refuse("a texture's \(attribute.name) must be in 1...2048")
      }
    case "name":
      guard allowsFiles, SceneNames.isCommon(attribute.value) else { return }
      throw refuse("the name '\(attribute.value.shown)' belongs to the robot or the room")
    default: break
    }
  }

  private static func isFileName(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return parts.count == 2 && parts[0].isName && ["png", "obj", "stl"].contains(parts[1])
  }

  /// The names of the files that a scene refers to.
  static func files(of root: Markup) -> [String] {
    var names: Set<String> = []
    root.visit { element in
      if let file = element["file"] { names.insert(file) }
    }
    return names.sorted()
  }
}
