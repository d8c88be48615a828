import ArgumentParser
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
    help: "The folder of tasks; else MOLE_TASKS, ./Tasks, or the one beside the program.")
  var path: String?

  func library() throws -> TaskLibrary { try TaskLibrary.find(named: path) }
}

/// What perturbations an episode has, for every command that starts one.
struct PerturbationOption: ParsableArguments {
  @Option(
    name: .customLong("perturb"),
    help: ArgumentHelp(
      "Perturbations, or all.",
      discussion: Perturbation.allCases.map(\.rawValue).joined(separator: ", "),
      valueName: "names"))
  var names = ""

  func validate() throws { _ = try perturbations() }

  /// What is asked for, and what the suite switches on.
  func perturbations(of suite: Suite?) throws -> [Perturbation] {
    let asked = try perturbations()
    return Perturbation.allCases.filter {
      asked.contains($0) || suite?.perturbations.contains($0) == true
    }
  }

  /// - Throws: `ValidationError` for an unknown name.
  func perturbations() throws -> [Perturbation] {
    if names == "all" { return Perturbation.allCases }
    return try names.split(separator: ",").map { word in
      guard let perturbation = Perturbation(rawValue: String(word)) else {
        let all = Perturbation.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(
          word == "all"
            ? "'--perturb all' is all of them; name no others beside it."
            : "'--perturb' knows \(all), or all, but not '\(word)'.")
      }
      return perturbation
    }
  }
}
