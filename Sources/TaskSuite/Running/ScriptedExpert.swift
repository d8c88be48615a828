internal import Manipulation
internal import Physics

/// The expert on its way through the way points of an episode.
struct ScriptedExpert {
  let plan: ExpertPlan
  /// The choice of turns for the whole plan.
  let turn: Int
  /// The next way point.
  private(set) var next = 0

  init(plan: ExpertPlan, turn: Int) {
    (self.plan, self.turn) = (plan, turn)
  }

  /// Whether the arm must not touch anything on its way to the next way point.
  var avoidsCollisions: Bool {
    plan.points.indices.contains(next) && plan.points[next].avoidsCollisions
  }

  /// Goes on to the next way point.
  mutating func advance() { next += 1 }

  /// The action to the next way point from the world as it is, as a file would hold it; `nil` after
  /// the last.
  func action(in world: World) -> Action? {
    guard next < plan.points.count else { return nil }
    let tip = plan.scene.parts.arm.tip(in: world)
    let target = plan.target(next, turn: turn, in: world) { tip.inverse * world.pose(of: $0) }
    return Action(
      translation: target.position - tip.position, eulerAngles: target.rotation.extrinsicXYZ,
      gripper: plan.points[next].opensGripper ? 1 : 0
    ).asRecorded
  }
}
