package import Failures

/// What can go wrong with tasks as data and with the worlds made of them.
package enum TaskError: ExplainedError, Equatable {
  // The folder of tasks
  case noLibrary(tried: [String])
  case notReadable(path: String, reason: String)
  case tooLarge(path: String, bytes: Int, limit: Int)
  case noSuchTask(String, folder: String, known: [String])
  case noSuchSuite(String, folder: String, known: [String])

  // The text of a file
  case notText(path: String)
  case syntax(path: String, line: Int, problem: String)
  case unknownKey(path: String, line: Int, key: String, place: String, known: [String])
  case missingKey(path: String, line: Int, key: String, place: String)
  case wrongValue(path: String, line: Int, key: String, found: String, expected: String)

  // The scene
  case refusedScene(path: String, line: Int, problem: String)
  case invalidScene(path: String, problem: String)
  case missingPart(path: String, line: Int, part: String, name: String, known: [String])
  case unsuitablePart(path: String, line: Int, name: String, problem: String)

  // An episode
  case missingCamera(String, known: [String])
  case noSuchVariation(Int, task: String, count: Int)
  case noValidStart(task: String, seed: UInt64, attempts: Int, reason: String)
  case differentTask(task: String, problem: String)
  case notStarted(task: String)
  case failedWorld(task: String, problem: String)

  package var kind: FailureKind {
    switch self {
    case .noSuchTask, .noSuchSuite, .noSuchVariation: .usage
    case .noLibrary, .notReadable, .missingCamera: .missingInput
    case .notStarted: .internalFault
    default: .badData
    }
  }

  package var description: String {
    switch self {
    case .noLibrary, .notReadable, .tooLarge, .noSuchTask, .noSuchSuite: folderDescription
    case .notText, .syntax, .unknownKey, .missingKey, .wrongValue: textDescription
    case .refusedScene, .invalidScene, .missingPart, .unsuitablePart: sceneDescription
    default: episodeDescription
    }
  }

  private var folderDescription: String {
    switch self {
    case .noLibrary(let tried):
      "There is no folder of tasks with a file 'suites.yaml' at \(quoted(tried)); name one with"
        + " '--tasks-dir' or MOLE_TASKS."
    case .notReadable(let path, let reason):
      "'\(path)' cannot be read (\(reason)); a folder of tasks needs it."
    case .tooLarge(let path, let bytes, let limit):
      "'\(path)' has \(bytes) bytes, more than the \(limit) that such a file may have; is it the"
        + " right file?"
    case .noSuchTask(let name, let folder, let known):
      "'\(folder)' has no task '\(name)'; it has \(list(known))."
    case .noSuchSuite(let name, let folder, let known):
      "'\(folder)/suites.yaml' has no suite '\(name)'; it has \(list(known))."
    default: ""
    }
  }

  private var textDescription: String {
    switch self {
    case .notText(let path):
      "'\(path)' is no text in UTF-8; write it as such."
    case .syntax(let path, let line, let problem):
      "'\(path)' is no plain YAML at line \(line): \(problem)."
    case .unknownKey(let path, let line, let key, let place, let known):
      "'\(path)' has the unknown key '\(key)' in line \(line); \(place) knows \(list(known))."
    case .missingKey(let path, let line, let key, let place):
      "'\(path)' lacks the key '\(key)' in line \(line); \(place) needs it."
    case .wrongValue(let path, let line, let key, let found, let expected):
      "'\(path)' has \(found) for '\(key)' in line \(line), but expected \(expected)."
    default: ""
    }
  }

  private var sceneDescription: String {
    switch self {
    case .refusedScene(let path, let line, let problem):
      "'\(path)' cannot be used as a scene, line \(line): \(problem)."
    case .invalidScene(let path, let problem):
      "'\(path)' is no scene that MuJoCo can compile: \(problem); correct the MJCF."
    case .missingPart(let path, let line, let part, let name, let known):
      "'\(path)' names the \(part) '\(name)' in line \(line), but its scene has no such \(part);"
        + " it has \(list(known))."
    case .unsuitablePart(let path, let line, let name, let problem):
      "'\(path)' names '\(name)' in line \(line), which does not suit: \(problem)."
    default: ""
    }
  }

  private var episodeDescription: String {
    switch self {
    case .missingCamera(let name, let known):
      "There is no camera '\(name)' to look through; name one of \(list(known))."
    case .noSuchVariation(let index, let task, let count):
      "The task '\(task)' has no variation \(index); they are numbered from 0 to \(count - 1)."
    case .noValidStart(let task, let seed, let attempts, let reason):
      "The task '\(task)' found no valid start for the seed \(seed) in \(attempts) attempts (the"
        + " last failed because \(reason)); use another seed, or widen 'placement' in its"
        + " 'task.yaml'."
    case .differentTask(let task, let problem):
      "The recording does not fit the task '\(task)': \(problem); use the version of the task that"
        + " it was recorded with."
    case .notStarted(let task):
      "The task '\(task)' was acted in before an episode was started; please report it."
    case .failedWorld(let task, let problem):
      "The world of '\(task)' failed at the start: \(problem); correct its 'scene.xml'."
    default: ""
    }
  }

  private func quoted(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// At most twenty names.
  private func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "none" }
    let rest = names.count - 20
    return names.prefix(20).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
