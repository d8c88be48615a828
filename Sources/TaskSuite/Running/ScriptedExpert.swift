internal import Manipulation
internal import Physics

/// The expert on its way through the way points of an episode, which tries again where it fails.
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

  /// Goes on to the next way point: the first again after the last one, and where what the next one
  /// carries is not in the hand.
  mutating func advance(in world: World) {
    next = (next + 1) % max(1, plan.points.count)
    if let carried = plan.carriedBody(next), !world.attachedBodies.contains(carried) { next = 0 }
  }

  /// The action to the next way point from the world as it is, as a file would hold it; `nil` for an
  /// expert without way points.
  func action(in world: World) -> Action? {
    guard plan.points.indices.contains(next) else { return nil }
    let tip = plan.scene.parts.arm.tip(in: world)
    let target = plan.target(next, turn: turn, in: world) { tip.inverse * world.pose(of: $0) }
    return Action(
      translation: target.position - tip.position, eulerAngles: target.rotation.extrinsicXYZ,
      gripper: plan.points[next].opensGripper ? 1 : 0
    ).asRecorded
  }
}
