internal import Physics

/// What every task's world has, found by name once.
struct SceneParts: Sendable {
  var root: Body
  var arm: PandaArm
  /// The bodies of the robot.
  var robot: Set<Body>
  /// Bodies that move freely, the task's and distractors.
  var freeBodies: [Body]
  /// The task's hinges and slides.
  var taskJoints: [Joint]
  /// The bodies that a person would name.
  var objects: [Body]
  /// Whether there is something that closing the gripper may attach.
  var hasGraspable: Bool

  /// - Throws: `PhysicsError.unknownName` for what room or robot should have.
  init(
    _ model: SceneModel, graspable: [Body], objects: [Body]
  ) throws(PhysicsError) {
    root = try model.named(SceneNames.root)
    arm = try PandaArm(model: model, graspable: graspable)
    let robot = Set(
      model.bodies.filter { model.name(of: $0)?.hasPrefix(PandaArm.namePrefix) == true })
    let free = Set(model.freeBodies)
    self.robot = robot
    self.objects = objects
    hasGraspable = !graspable.isEmpty
    freeBodies = model.freeBodies
    taskJoints = model.joints.filter {
      let body = model.body(of: $0)
      return !robot.contains(body) && !free.contains(body)
    }
  }
}

extension SceneModel {
  /// The geoms of a body and of all that hangs on it, without volumes.
  func solidGeoms(within body: Body) -> [Geom] {
    geoms(within: body).filter { group(of: $0) != SceneModel.volumeGroup }
  }

  /// The group of contactless, invisible volumes.
  static let volumeGroup = 4
}
