import ArgumentParser
import Manipulation
import TaskSuite

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "List, show and draw the simulated tasks.",
    subcommands: [TasksListCommand.self, TasksShowCommand.self, TasksRenderCommand.self])
}

/// Where the tasks are, for every command that needs them.
struct TaskFolderOption: ParsableArguments {
  @Option(
    name: .customLong("tasks-dir"),
    help: "The folder of tasks. (default: MOLE_TASKS, ./Tasks, or the one beside the program)")
  var path: String?

  func library() throws -> TaskLibrary { try TaskLibrary.find(named: path) }
}

/// What perturbations an episode has, for every command that starts one.
struct PerturbationOption: ParsableArguments {
  @Option(
    name: .customLong("perturb"),
    help: ArgumentHelp(
      "How worlds differ from the plain ones: names with commas between, or all.",
      discussion: known, valueName: "names"),
    transform: parse)
  var perturbations: [Perturbation]?

  private static let known = Perturbation.allCases.map(\.rawValue).joined(separator: ", ")

  /// What is asked for, and what the suite switches on.
  func perturbations(of suite: Suite?) -> [Perturbation] {
    let asked = perturbations ?? []
    return Perturbation.allCases.filter {
      asked.contains($0) || suite?.perturbations.contains($0) == true
    }
  }

  /// - Throws: `ValidationError` for an unknown name.
  private static func parse(_ argument: String) throws -> [Perturbation] {
    if argument == "all" { return Perturbation.allCases }
    guard let list = NameList(argument: argument) else {
      throw ValidationError("'--perturb' needs names with commas between, but is '\(argument)'.")
    }
    return try list.names.map { name in
      guard let perturbation = Perturbation(rawValue: name) else {
        throw ValidationError("'--perturb' knows \(known) and all, but not '\(name)'.")
      }
      return perturbation
    }
  }
}
