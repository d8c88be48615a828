package import Manipulation

/// Finds the arm's way to a pose: a straight line of the tip; where that cannot be followed, an
/// even motion of the joints; where something is in the way and that matters, a detour.
///
/// The same question gives the same path.
package struct ArmPlanner: Sendable {
  package var inverseKinematics = InverseKinematics()
  /// The tip's steps on a line (m, rad).
  package var lineStep = 0.01
  package var turnStep = 0.0523
  /// The most that a joint may move in one such step (rad); more is a jump to another posture.
  package var jumpLimit = 0.25

  /// How strongly each joint is drawn to its home angle while the tip keeps to the line. The spare
  /// freedom is mostly a matter of the third and fifth joint; without the pull the elbow drifts.
  private static let pull = JointVector([0.01, 0.03, 0.06, 0.03, 0.03, 0.03, 0.03])

  /// The most that a servo or a blow brings a joint beyond its limits (rad).
  private static let overshoot = 0.5

  package init() {}

  /// A path from the joint angles `start` to the tip pose `target`.
  ///
  /// - Parameter collides: When given, the path avoids joint angles for which it answers `true`.
  /// - Throws: `targetOutsideWorkspace`, `invalidRotation`, `unreachableTarget` when no joint
  ///   angles or no path are found; `divergedSimulation` when the arm cannot be at `start`.
  package func path(
    from start: JointVector, to target: Pose, avoiding collides: ((JointVector) -> Bool)? = nil
  ) throws(ExecutionFailure) -> ArmPath {
    try Workspace.check(target)
    // A state out of a file may hold any numbers, and a path's length follows from them.
    guard PandaKinematics.isWithinLimits(start, slack: ArmPlanner.overshoot) else {
      throw .divergedSimulation
    }
    if let line = line(from: start, to: target), isFree(line, collides) { return line }
    let ends = inverseKinematics.solutions(target, near: start)
    guard let collides else {
      guard let end = preferred(ends, from: start) else { throw .unreachableTarget }
      return .throughCorners([start, end], kind: .joints)
    }
    let freeEnds = ends.filter { !collides($0) }
    guard !freeEnds.isEmpty else { throw .unreachableTarget }
    for end in freeEnds {
      let direct = ArmPath.throughCorners([start, end], kind: .joints)
      if isFree(direct, collides) { return direct }
    }
    guard let corners = TreePlanner(collides: collides).corners(from: start, to: freeEnds) else {
      throw .unreachableTarget
    }
    return .throughCorners(corners, kind: .detour)
  }

  /// The straight line, or `nil` when the joints cannot follow it.
  func line(from start: JointVector, to target: Pose) -> ArmPath? {
    let first = PandaKinematics.tip(start)
    let way = target.position - first.position
    let count = max(
      1, ((way * way).sum().squareRoot() / lineStep).rounded(.up),
      (first.rotation.angle(to: target.rotation) / turnStep).rounded(.up))
    var points = [start]
    for step in 1...Int(count) {
      let pose = first.interpolated(to: target, fraction: Double(step) / count)
      let last = points[points.count - 1]
      let solution = inverseKinematics.solve(
        pose, from: last, posture: PandaKinematics.home, pull: ArmPlanner.pull)
      guard solution.isExact, (solution.joints - last).largest <= jumpLimit else { return nil }
      points.append(solution.joints)
    }
    return ArmPath(kind: .line, points: points)
  }

  private func isFree(_ path: ArmPath, _ collides: ((JointVector) -> Bool)?) -> Bool {
    guard let collides else { return true }
    // where the arm stands already is no choice
    return !path.points.dropFirst().contains(where: collides)
  }

  /// The nearest end to which an even motion keeps the arm off the table; without one, the nearest.
  private func preferred(_ ends: [JointVector], from start: JointVector) -> JointVector? {
    ends.first { end in
      let floor = min(PandaKinematics.tip(start).position.z, PandaKinematics.tip(end).position.z)
      return ArmPath.throughCorners([start, end], kind: .joints, spacing: 0.15).points
        .allSatisfy { joints in
          let frames = ArmFrames(joints)
          return frames.lowestJoint > ArmPlanner.jointClearance
            && frames.tipPosition.z > min(floor, ArmPlanner.tipClearance) - 0.02
        }
    } ?? ends.first
  }

  /// Heights (m) that keep elbow and wrist, and the finger tips, off a table at 0.75.
  private static let jointClearance = 0.81
  private static let tipClearance = 0.8
}
