import ArgumentParser
import Reports
import TaskSuite

struct TasksListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tasks with their suites.")

  @OptionGroup var folder: TaskFolderOption

  @Option(help: "Only the tasks of this suite, in its order.")
  var suite: String?

  @Option(help: "How the table is printed.")
  var format: TableFormat = .table

  func run() throws {
    let library = try folder.library()
    let names = try suite.map { try library.suite($0).tasks } ?? library.taskNames
    let table = try Table.tasks(names, in: library)
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }
}

extension Table {
  /// Tasks with what a person chooses them by.
  fileprivate static func tasks(_ names: [String], in library: TaskLibrary) throws -> Table {
    let rows = try names.map { name -> [Cell] in
      let task = try library.task(name)
      let suites = library.suites.filter { $0.tasks.contains(name) }.map(\.name)
      return [
        .text(name), .number(Double(task.version)), .number(Double(task.variations.count)),
        .number(Double(task.variations[0].expert.count)), .number(Double(task.budget)),
        .text(suites.joined(separator: " ")), .text(task.successText),
        .text(task.variations[0].instructions[0]),
      ]
    }
    return Table(
      name: "tasks", title: "Tasks", notes: [],
      columns: [
        Column("task"), Column("version"), Column("variations", "vari-\nations"),
        Column("way_points", "way\npoints"), Column("budget"),
        Column("suites", audience: [.data, .document]), Column("success"),
        Column("instruction", audience: [.data, .document]),
      ],
      rows: rows)
  }
}
