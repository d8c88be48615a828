internal import Manipulation
internal import Physics

/// The expert's plan tried out with kinematics alone, to reject starts that cannot be solved.
///
/// Bodies that would be grasped follow the tip rigidly; nothing else moves.
struct DryRun {
  let plan: ExpertPlan
  /// A world of the same model, which is changed.
  let world: World

  init(plan: ExpertPlan, world: World) {
    (self.plan, self.world) = (plan, world)
  }

  /// The choice of turns with which every way point can be reached; of several the one with the
  /// most straight lines, because an even motion of the joints may sweep into things.
  ///
  /// - Parameter state: The start.
  /// - Returns: The choice, or why the most preferred one fails.
  func reachableTurn(from state: [Double]) throws(PhysicsError) -> Answer {
    try world.restore(state)
    var reason: String?
    var best: (turn: Int, bends: Int)?
    for turn in plan.turnsByPreference(in: world) {
      try world.restore(state)
      switch try attempt(turn: turn) {
      case .bends(0): return .turn(turn)
      case .bends(let bends) where bends < best?.bends ?? .max: best = (turn, bends)
      case .bends: break
      case .problem(let problem): reason = reason ?? problem
      }
    }
    if let best { return .turn(best.turn) }
    return .impossible(reason: reason ?? "the expert has no way point")
  }

  enum Answer: Equatable {
    case turn(Int)
    case impossible(reason: String)
  }

  private enum Attempt {
    /// Every way point is reached, so many of them not on a straight line.
    case bends(Int)
    /// Why the plan fails.
    case problem(String)
  }

  private func attempt(turn: Int) throws(PhysicsError) -> Attempt {
    let scene = plan.scene
    var joints = scene.parts.arm.jointAngles(in: world)
    var held: [Body: Pose] = [:]
    var isOpen = true
    var bends = 0
    for (index, point) in plan.points.enumerated() {
      if let carried = plan.carriedBody(index), held[carried] == nil {
        return .problem("nothing is carried at '\(point.name)'")
      }
      let target = plan.target(index, turn: turn, in: world) { held[$0] ?? .identity }
      do {
        let path = try scene.parts.arm.planner.path(from: joints, to: target)
        joints = path.end
        if path.kind != .line {
          guard !point.isStraight else {
            return .problem("no straight line leads to '\(point.name)'")
          }
          bends += 1
        }
      } catch {
        return .problem("'\(point.name)' is \(error.words)")
      }
      try scene.parts.arm.place(at: joints, holding: held.map { ($0, $1) }, in: world)
      guard point.opensGripper != isOpen else { continue }
      isOpen = point.opensGripper
      held = isOpen ? [:] : grasped()
      if !isOpen, held.isEmpty, scene.parts.hasGraspable {
        return .problem("nothing can be grasped at '\(point.name)'")
      }
    }
    return .bends(bends)
  }

  /// What closing the gripper would attach, in the tip's frame.
  private func grasped() -> [Body: Pose] {
    let parts = plan.scene.parts
    let tip = parts.arm.tip(in: world)
    let bodies = parts.arm.bodiesBetweenFingers(in: world)
    return Dictionary(
      uniqueKeysWithValues: bodies.map { ($0, tip.inverse * world.pose(of: $0)) })
  }
}

extension ExecutionFailure {
  /// As the end of a sentence about a way point.
  var words: String {
    switch self {
    case .unreachableTarget: "out of the arm's reach"
    case .targetOutsideWorkspace: "outside of the workspace"
    case .invalidRotation: "no pose"
    case .divergedSimulation: "where the simulation diverges"
    }
  }
}

extension TaskScene {
  /// Whether a free body moves along with the task's root.
  func moves(_ body: Body) -> Bool { model.name(of: body)?.hasPrefix(Distractors.prefix) != true }
}
