/// A task as its `task.yaml` says it.
package struct TaskDefinition: Equatable, Sendable {
  /// The folder's name.
  package var name: String
  /// Raised when anything that changes results changes.
  package var version: Int
  /// One sentence.
  package var summary: String
  /// Bodies that a person would name.
  package var objects: [String]
  /// Free bodies that closing the gripper may attach.
  package var graspable: [String]
  /// Free bodies that must stay above the table; `nil` for all.
  package var workspaceObjects: [String]?
  /// The most actions that an episode may take.
  package var budget: Int
  /// At least one.
  package var variations: [TaskVariation]
  /// The file, for complaints.
  package var path: String
  /// The lines of some keys, for complaints.
  package var lines: [String: Int]

  /// The version as files carry it.
  package var versionText: String { String(version) }

  /// The line of a key of the first level.
  func line(of key: String) -> Int { lines[key] ?? 1 }
}

/// A task with the values of one variation put in.
package struct TaskVariation: Equatable, Sendable {
  /// The values by name, empty for a task without variations.
  package var values: [String: String]
  /// The first is the default.
  package var instructions: [String]
  /// Other wordings, for the perturbation of the instruction alone.
  package var paraphrases: [String]
  package var placement: PlacementRule
  /// All must hold.
  package var success: [SuccessCondition]
  package var expert: [WayPoint]
}

extension TaskVariation {
  /// The longest instruction, the first of equals, as the literature uses.
  package var longestInstruction: String {
    instructions.reduce("") { $1.count > $0.count ? $1 : $0 }
  }

  /// The values in words, such as `slot: middle`.
  package var label: String {
    values.isEmpty
      ? "default" : values.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", ")
  }
}
