package import Manipulation

/// The Panda of a scene: plans its motions and drives its servos.
///
/// It keeps nothing of a world. What it does follows from the world's state alone, so that an
/// episode goes on from a restored state as it did before. Everything happens in control ticks of
/// 50 ms of simulated time.
package struct PandaArm: Sendable {
  /// Seconds of a control tick.
  package static let tick = 0.05
  /// What the names of the robot's parts begin with.
  package static let namePrefix = "panda_"
  /// The body that a grasped one is welded to.
  package static let handName = "panda_hand"

  package let planner: ArmPlanner
  package let limits: ArmTrajectory.Limits
  let model: SceneModel
  let graspable: [Body]
  let base: Body
  let graspVolume: Geom
  let fingers: [Servo]
  private let tipSite: Site
  private let joints: [Servo]

  /// A joint and the actuator of the same name.
  struct Servo: Sendable {
    var joint: Joint
    var actuator: Actuator
  }

  /// Finds the robot of `Tasks/common/panda.xml` in a model.
  ///
  /// - Parameter graspable: Bodies that closing the gripper may attach.
  /// - Throws: `PhysicsError.unknownName` when a part is missing.
  package init(
    model: SceneModel, graspable: [Body] = [], planner: ArmPlanner = ArmPlanner(),
    limits: ArmTrajectory.Limits = ArmTrajectory.Limits()
  ) throws(PhysicsError) {
    self.model = model
    self.graspable = graspable
    self.planner = planner
    self.limits = limits
    base = try model.named("panda_base")
    graspVolume = try model.named("grasp_volume")
    tipSite = try model.named("panda_tip")
    func servo(_ name: String) throws(PhysicsError) -> Servo {
      Servo(joint: try model.named(name), actuator: try model.named(name))
    }
    var joints: [Servo] = []
    for number in 1...JointVector.count { joints.append(try servo("panda_joint\(number)")) }
    self.joints = joints
    fingers = [try servo("panda_finger_1"), try servo("panda_finger_2")]
  }
}

/// What is measured.
extension PandaArm {
  /// The joint angles (rad).
  package func jointAngles(in world: World) -> JointVector {
    JointVector(joints.map { world.position(of: $0.joint) })
  }

  /// The joint speeds (rad/s).
  package func jointSpeeds(in world: World) -> JointVector {
    JointVector(joints.map { world.velocity(of: $0.joint) })
  }

  /// The pose of the tip: z points out of the gripper, along y the fingers open.
  package func tip(in world: World) -> Pose { world.pose(of: tipSite) }
}

/// What is done.
extension PandaArm {
  /// How much of its speed a servo adds to its goal, so that it follows without lag: the ratio
  /// kv/kp of every arm joint in `panda.xml` (s).
  private static let lead = 0.1
  /// The most by which a goal is moved against a load, such as a held object's weight (rad).
  private static let loadLimit = 0.01
  /// When a motion has arrived: rad, rad/s; and how long that is waited for, s.
  private static let restAngle = 0.001
  private static let restSpeed = 0.02
  private static let patience = 0.3

  var stepsPerTick: Int { max(1, Int((PandaArm.tick / model.timestep).rounded())) }

  /// Puts the arm into its home posture, at rest, the gripper open.
  ///
  /// - Throws: `PhysicsError`.
  package func goHome(in world: World) throws(PhysicsError) {
    setAngles(PandaKinematics.home, in: world)
    steer(world, to: PandaKinematics.home)
    for finger in fingers {
      world.setPosition(of: finger.joint, to: PandaArm.fingerStroke)
      world.setControl(finger.actuator, to: PandaArm.fingerStroke)
    }
    try world.forward()
  }

  /// Moves the tip to a pose and waits until the arm rests there, or for 0.3 s when something holds
  /// it up.
  ///
  /// - Parameters:
  ///   - avoidingCollisions: Whether the path must keep the robot and what it holds from touching
  ///     anything.
  ///   - onTick: Called after every control tick.
  /// - Returns: Why the pose cannot be reached; then nothing has moved unless the simulation
  ///   diverged. `nil` when the motion was carried out.
  /// - Throws: What `onTick` throws, and errors of the engine.
  package func move(
    to target: Pose, in world: World, avoidingCollisions: Bool = false,
    onTick: (World) throws -> Void = { _ in }
  ) throws -> ExecutionFailure? {
    let path: ArmPath
    do throws(ExecutionFailure) {
      let collides = avoidingCollisions ? try collisionTest(in: world) : nil
      path = try planner.path(from: jointAngles(in: world), to: target, avoiding: collides)
    } catch {
      return error
    }
    return try follow(path, in: world, onTick: onTick)
  }

  /// Moves along a path that begins where the arm is.
  ///
  /// - Returns: `divergedSimulation`, or `nil` when the motion was carried out.
  package func follow(
    _ path: ArmPath, in world: World, onTick: (World) throws -> Void = { _ in }
  ) throws -> ExecutionFailure? {
    let trajectory = ArmTrajectory(path, limits: limits)
    var load = standingLoad(in: world)
    var time = 0.0
    repeat {
      let failure = try runTick(in: world, onTick: onTick) {
        time += model.timestep
        let reference = trajectory.at(time)
        steer(world, to: reference.joints + load + PandaArm.lead * reference.speeds)
      }
      if let failure { return failure }
      guard time >= trajectory.duration else { continue }
      let error = path.end - jointAngles(in: world)
      if error.largest < PandaArm.restAngle,
        jointSpeeds(in: world).largest < PandaArm.restSpeed
      {
        break
      }
      load = PandaArm.limited(load + 0.5 * error)
    } while time < trajectory.duration + PandaArm.patience
    return nil
  }

  /// Lets time pass while all servos hold their goals.
  ///
  /// - Returns: `divergedSimulation`, or `nil`.
  package func wait(
    ticks: Int, in world: World, onTick: (World) throws -> Void = { _ in }
  ) throws -> ExecutionFailure? {
    for _ in 0..<ticks {
      if let failure = try runTick(in: world, onTick: onTick, control: {}) { return failure }
    }
    return nil
  }

  /// Simulates one control tick; `control` sets the servos' goals before each physics step.
  func runTick(
    in world: World, onTick: (World) throws -> Void, control: () -> Void
  ) throws -> ExecutionFailure? {
    do throws(PhysicsError) {
      for _ in 0..<stepsPerTick {
        control()
        try world.step()
      }
    } catch {
      guard case .diverged = error else { throw error }
      return .divergedSimulation
    }
    try onTick(world)
    return nil
  }

  /// By how much the servos' goals lie beyond the angles that they hold, as far as a load explains.
  private func standingLoad(in world: World) -> JointVector {
    let goals = JointVector(joints.map { world.control(of: $0.actuator) })
    return PandaArm.limited(goals - jointAngles(in: world))
  }

  private static func limited(_ load: JointVector) -> JointVector {
    load.clamped(from: -loadLimit * JointVector.ones, to: loadLimit * JointVector.ones)
  }

  /// Puts the joints to other angles, at rest. `forward` must follow.
  func setAngles(_ angles: JointVector, in world: World) {
    for (number, servo) in joints.enumerated() {
      world.setPosition(of: servo.joint, to: angles[number])
    }
  }

  private func steer(_ world: World, to goals: JointVector) {
    for (number, servo) in joints.enumerated() {
      world.setControl(servo.actuator, to: goals[number])
    }
  }
}
