internal import Physics

/// Names that hold in every scene.
enum SceneNames {
  /// The mocap body that everything of the task hangs on or lies around.
  static let root = "task_root"
  /// What the names of the room's parts begin with.
  static let roomPrefix = "room_"

  /// Whether a name belongs to the room or the robot, and not to a task.
  static func isCommon(_ name: String) -> Bool {
    name.hasPrefix(roomPrefix) || name.hasPrefix(PandaArm.namePrefix)
  }
}
