import Evaluation
import Manipulation
import Outcomes
import Synchronization
import TaskSuite

/// The simulated worlds of an evaluation, looked up when one is needed.
final class EvalWorlds {
  private let folder: String?
  private var found: TaskLibrary?

  /// - Parameter folder: The folder of the tasks; `nil` means where they usually lie.
  init(folder: String?) {
    self.folder = folder
  }

  /// Whether there is a world of this task; a replay goes on without.
  func has(_ task: String) -> Bool {
    (try? library())?.taskNames.contains(task) ?? false
  }

  func contents(ofSuite name: String) throws -> SuiteContents {
    let suite = try library().suite(name)
    return SuiteContents(tasks: suite.tasks, perturbations: suite.perturbations)
  }

  /// Makes worlds of a task, in any thread, of one scene however many they are.
  ///
  /// - Parameter showing: Whether its observations hold pictures.
  /// - Throws: `TaskError` without a library of tasks.
  func environment(
    of task: String, plan: EvaluationPlan, showing: Bool
  ) throws -> @Sendable () throws -> any Environment {
    let scene = SharedScene(task: task, library: try library())
    let options = EnvironmentOptions(
      cameras: showing ? [plan.camera] : [],
      imageSize: plan.pictureSize,
      perturbations: plan.perturbations, wording: plan.instruction)
    return { try TaskEnvironment(scene.value(), options: options) }
  }

  /// What these tasks are made of, named by path within the folder; `nil` without tasks.
  func taskFiles(of tasks: [String]) throws -> [WatchedFile]? {
    guard !tasks.isEmpty else { return nil }
    let library = try library()
    var seen: Set<String> = []
    return try tasks.flatMap { try library.sources(of: $0) }
      .filter { seen.insert($0).inserted }
      .map { path in
        let prefix = library.path + "/"
        let name = path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        return try WatchedFile(path, named: name)
      }
  }

  private func library() throws -> TaskLibrary {
    let library = try found ?? TaskLibrary.find(named: folder)
    found = library
    return library
  }
}

/// A task's scene, made when a world first needs it.
private final class SharedScene: Sendable {
  private let task: String
  private let library: TaskLibrary
  private let made = Mutex<TaskScene?>(nil)

  init(task: String, library: TaskLibrary) {
    (self.task, self.library) = (task, library)
  }

  func value() throws -> TaskScene {
    try made.withLock { made in
      let scene = try made ?? TaskScene(task: task, library: library)
      made = scene
      return scene
    }
  }
}
