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

  /// Goes on to the next way point. After the last one, and where what the next one carries is not in
  /// the hand, it tries again: from the first way point that carries what is in the hand, or from the
  /// very first.
  mutating func advance(in world: World) {
    next += 1
    let carried = plan.points.indices.contains(next) ? plan.carriedBody(next) : nil
    let isLost = carried.map { !world.attachedBodies.contains($0) } ?? false
    guard next >= plan.points.count || isLost else { return }
    next =
      plan.points.indices.first { index in
        plan.carriedBody(index).map(world.attachedBodies.contains) ?? false
      } ?? 0
  }

  /// Whether somebody who acts so does what the expert would: goes about to the same way point, and
  /// opens or closes the gripper alike. From anywhere else the expert still goes there first.
  static func isFollowed(by action: Action, asked: Action) -> Bool {
    let miss = action.translation - asked.translation
    return action.opensGripper == asked.opensGripper
      && (miss * miss).sum().squareRoot() <= 0.1
      && action.rotation.angle(to: asked.rotation) <= 0.6
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
