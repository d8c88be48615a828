internal import Physics

/// What every task's world has, found by name once.
struct SceneParts: Sendable {
  var root: Body
  var tip: Site
  var hand: Body
  var graspVolume: Geom
  var armJoints: [Joint]
  var armActuators: [Actuator]
  var fingerJoints: [Joint]
  var fingerActuators: [Actuator]
  /// The bodies of the robot.
  var robot: Set<Body>
  /// Bodies that move freely, the task's and distractors.
  var freeBodies: [Body]
  /// Bodies that closing the gripper may attach, with the geoms that count.
  var graspable: [(body: Body, geoms: [Geom])]
  /// The task's hinges and slides.
  var taskJoints: [Joint]
  /// The bodies that a person would name.
  var objects: [Body]

  /// - Throws: `PhysicsError.unknownName` for what room or robot should have.
  init(
    _ model: SceneModel, graspable: [Body], objects: [Body]
  ) throws(PhysicsError) {
    root = try model.named("task_root")
    tip = try model.named("panda_tip")
    hand = try model.named("panda_hand")
    graspVolume = try model.named("grasp_volume")
    (armJoints, armActuators, fingerJoints, fingerActuators) = ([], [], [], [])
    for number in 1...7 {
      armJoints.append(try model.named("panda_joint\(number)"))
      armActuators.append(try model.named("panda_joint\(number)"))
    }
    for number in 1...2 {
      fingerJoints.append(try model.named("panda_finger_\(number)"))
      fingerActuators.append(try model.named("panda_finger_\(number)"))
    }
    let robot = Set(model.bodies.filter { model.name(of: $0)?.hasPrefix("panda_") == true })
    self.robot = robot
    freeBodies = model.freeBodies
    self.graspable = graspable.map { ($0, model.solidGeoms(within: $0)) }
    self.objects = objects
    let free = Set(freeBodies)
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
