import ArgumentParser
import Foundation
import TaskSuite

/// Where tasks come from and how their worlds look; the same for every command that runs them.
struct TaskWorldOptions: ParsableArguments {
  @Option(help: "The folder of tasks; by default MOLE_TASKS, or 'Tasks' here or beside the program.")
  var tasksDir: String?

  @Option(help: "The side of the pictures in pixels.")
  var imageSize = 224

  @Option(
    help: ArgumentHelp(
      "What differs from the plain world, separated by commas, or 'all'.",
      discussion: Perturbation.allCases.map(\.rawValue).joined(separator: ", ")))
  var perturb: String?

  @Option(help: "Which of a task's instructions is given.")
  var instruction = InstructionChoice.default

  func validate() throws {
    guard 16...1024 ~= imageSize else {
      throw ValidationError("'--image-size' must be in 16...1024, but is \(imageSize).")
    }
    _ = try perturbations()
  }

  func library() throws -> TaskLibrary { try TaskLibrary.find(named: tasksDir) }

  /// What is asked for here, and what the suite switches on.
  func perturbations(of suite: Suite? = nil) throws -> [Perturbation] {
    let asked = try perturb.map(Perturbation.list) ?? []
    return Perturbation.allCases.filter {
      asked.contains($0) || suite?.perturbations.contains($0) == true
    }
  }
}

extension InstructionChoice: ExpressibleByArgument {}

extension Perturbation {
  /// The perturbations of a list such as `lighting,camera_pose`, or `all`.
  static func list(_ text: String) throws -> [Perturbation] {
    if text == "all" { return allCases }
    return try text.split(separator: ",").map { word in
      guard let perturbation = Perturbation(rawValue: String(word)) else {
        throw ValidationError(
          "'\(word)' is no perturbation; choose from"
            + " \(allCases.map(\.rawValue).joined(separator: ", ")), or 'all'.")
      }
      return perturbation
    }
  }
}
