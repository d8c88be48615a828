import ArgumentParser
import TaskSuite

struct TasksShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a task: instructions, success, placement, way points.",
    discussion: """
      The task is checked as it is before it runs: its scene is compiled, and everything that \
      task.yaml names must be there. Exit 65 with file and line where it is not.
      """)

  @OptionGroup var folder: TaskFolderOption

  @Argument(help: "The task's name.")
  var name: String

  @Option(help: "How the task is printed: text or json.")
  var format: TextFormat = .text

  @Flag(help: "Print the whole world as one MJCF text instead.")
  var mjcf = false

  enum TextFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  func run() throws {
    let scene = try TaskScene(task: name, library: try folder.library())
    if mjcf {
      print(scene.mjcf, terminator: "")
    } else {
      print(format == .json ? try scene.definition.json() : scene.definition.text)
    }
  }
}
