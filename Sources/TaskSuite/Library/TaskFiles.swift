/// Where the files of one task lie.
package struct TaskFiles: Equatable, Sendable {
  /// The folder of all tasks.
  package var library: String
  /// The task's own folder.
  package var folder: String

  package init(task: String, library: String) {
    self.library = library
    folder = "\(library)/\(task)"
  }

  package var definition: String { "\(folder)/task.yaml" }
  package var scene: String { "\(folder)/scene.xml" }
  package var room: String { "\(library)/common/room.xml" }
  package var robot: String { "\(library)/common/panda.xml" }
}
