internal import Foundation

/// The folder of tasks and suites.
package struct TaskLibrary: Sendable {
  /// The folder's path.
  package let path: String
  /// The names of all tasks, in alphabetical order.
  package let taskNames: [String]
  /// The suites in the order of `suites.yaml`.
  package let suites: [Suite]

  /// Opens a folder with `suites.yaml` and a folder a task.
  ///
  /// - Throws: `TaskError`.
  package init(at path: String) throws(TaskError) {
    self.path = path
    taskNames = try TaskLibrary.taskNames(in: path)
    suites = try Suite.read("\(path)/\(TaskLibrary.suiteFile)")
  }

  static let suiteFile = "suites.yaml"

  /// The folders that hold a `task.yaml`.
  private static func taskNames(in path: String) throws(TaskError) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw .notReadable(path: path, reason: "no such folder, or it may not be read")
    }
    let tasks = names.filter { name in
      name.isFolderName()
        && FileManager.default.fileExists(atPath: TaskFiles(task: name, library: path).definition)
    }
    return tasks.sorted()
  }

  /// Reads a task.
  ///
  /// - Throws: `noSuchTask`, or what is wrong with its `task.yaml`.
  package func task(_ name: String) throws(TaskError) -> TaskDefinition {
    guard taskNames.contains(name) else {
      throw .noSuchTask(name.shown, folder: path, known: taskNames)
    }
    return try TaskDefinition.read(name: name, path: files(of: name).definition)
  }

  /// - Throws: `noSuchSuite`, or `missingPart` when one of its tasks has no folder.
  package func suite(_ name: String) throws(TaskError) -> Suite {
    guard let suite = suites.first(where: { $0.name == name }) else {
      throw .noSuchSuite(name.shown, folder: path, known: suites.map(\.name))
    }
    if let missing = suite.tasks.first(where: { !taskNames.contains($0) }) {
      throw .missingPart(
        path: "\(path)/\(TaskLibrary.suiteFile)", line: suite.line, part: "task", name: missing,
        known: taskNames)
    }
    return suite
  }

  /// Where a task's files lie.
  package func files(of task: String) -> TaskFiles { TaskFiles(task: task, library: path) }

  /// The paths of everything that a task's results depend on, in a fixed order, so that a run
  /// can keep their digests.
  ///
  /// - Throws: `noSuchTask`, or what is wrong with its `scene.xml`.
  package func sources(of task: String) throws(TaskError) -> [String] {
    guard taskNames.contains(task) else {
      throw .noSuchTask(task.shown, folder: path, known: taskNames)
    }
    let files = files(of: task)
    let assets = SceneText.files(of: try SceneText.read(files.scene))
    return [files.definition, files.scene, files.room, files.robot]
      + assets.map { "\(files.folder)/\($0)" }
  }
}

extension TaskLibrary {
  /// The folder that is meant when none is named: MOLE_TASKS, `Tasks` where the command runs, or
  /// `Tasks` in a folder above the program.
  ///
  /// - Parameters:
  ///   - named: What the user asked for, which is then the only place.
  ///   - program: The path of the running program.
  /// - Throws: `noLibrary` with the places that were tried.
  package static func find(
    named: String? = nil, environment: [String: String]? = nil, program: String? = nil
  ) throws(TaskError) -> TaskLibrary {
    let environment = environment ?? ProcessInfo.processInfo.environment
    let program = program ?? Bundle.main.executablePath
    var tried: [String] = []
    for path in candidates(named: named, environment: environment, program: program) {
      if FileManager.default.fileExists(atPath: "\(path)/\(suiteFile)") {
        return try TaskLibrary(at: path)
      }
      tried.append(path)
    }
    throw .noLibrary(tried: tried)
  }

  private static func candidates(
    named: String?, environment: [String: String], program: String?
  ) -> [String] {
    if let named { return [named] }
    if let variable = environment["MOLE_TASKS"], !variable.isEmpty { return [variable] }
    var paths = ["Tasks"]
    var folder = URL(fileURLWithPath: program ?? "/").resolvingSymlinksInPath()
    for _ in 0..<5 where folder.path != "/" {
      folder.deleteLastPathComponent()
      paths.append(folder.appendingPathComponent("Tasks").path)
    }
    return paths
  }
}
