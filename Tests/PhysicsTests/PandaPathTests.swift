import Foundation
import Manipulation
import Physics
import Testing

struct PandaPathTests {
  private let planner = ArmPlanner()
  private let down = Rotation(extrinsicXYZ: [.pi, 0, 0])

  private func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    ((a - b) * (a - b)).sum().squareRoot()
  }

  /// A target over the table, gripper down, in the middle of what tasks use.
  private func target(_ generator: inout SeededGenerator) -> Pose {
    let position: SIMD3<Double> = [
      0.05 + 0.4 * generator.uniform(), -0.35 + 0.7 * generator.uniform(),
      0.78 + 0.4 * generator.uniform(),
    ]
    // within a quarter turn of the home orientation
    let yaw = .pi + .pi * (generator.uniform() - 0.5)
    return Pose(position: position, rotation: Rotation(extrinsicXYZ: [.pi, 0, yaw]))
  }

  @Test("a start that no arm can have is refused", arguments: [11, 1e12, 1e300, .nan])
  func hostileStart(angle: Double) {
    var start = PandaKinematics.home
    start[3] = angle
    let target = Pose(position: [0.3, 0, 1], rotation: down)
    #expect(throws: ExecutionFailure.divergedSimulation) {
      try planner.path(from: start, to: target)
    }
  }

  @Test("poses over the table are reached, mostly on straight lines")
  func reachesTheTable() throws {
    var generator = SeededGenerator(seed: 3)
    var lines = 0
    var joints = PandaKinematics.home
    for _ in 0..<100 {
      let target = target(&generator)
      let path = try planner.path(from: joints, to: target)
      if path.kind == .line { lines += 1 }
      let tip = PandaKinematics.tip(path.end)
      #expect(distance(tip.position, target.position) < 2e-4)
      #expect(tip.rotation.angle(to: target.rotation) < 1.7e-3)
      #expect(path.points.first == joints)
      joints = path.end
    }
    #expect(lines >= 95)
  }

  @Test("on a line the tip stays on it, and no joint jumps")
  func lineIsStraight() throws {
    let target = Pose(
      position: [0.35, 0.25, 0.85], rotation: Rotation(extrinsicXYZ: [.pi, 0.2, 2.6]))
    let path = try planner.path(from: PandaKinematics.home, to: target)
    try #require(path.kind == .line)
    let first = PandaKinematics.tip(PandaKinematics.home)
    for (index, joints) in path.points.enumerated() {
      let fraction = Double(index) / Double(path.points.count - 1)
      let tip = PandaKinematics.tip(joints)
      let ideal = first.interpolated(to: target, fraction: fraction)
      #expect(distance(tip.position, ideal.position) < 2e-4)
    }
    for (a, b) in zip(path.points, path.points.dropFirst()) {
      #expect((b - a).largest <= planner.jumpLimit)
    }
  }

  @Test("a pose out of the workspace, out of reach, or without a rotation fails as what it is")
  func failuresAreTyped() {
    let home = PandaKinematics.home
    func failure(_ position: SIMD3<Double>, _ rotation: Rotation) -> ExecutionFailure? {
      do {
        _ = try planner.path(from: home, to: Pose(position: position, rotation: rotation))
        return nil
      } catch { return error }
    }
    #expect(failure([0.8, 0, 1], down) == .targetOutsideWorkspace)
    #expect(failure([0.3, 0, 0.7], down) == .targetOutsideWorkspace)
    #expect(failure([.nan, 0, 1], down) == .targetOutsideWorkspace)
    // the corner of the workspace, from below
    #expect(failure([0.77, 0.65, 0.76], Rotation.identity) == .unreachableTarget)
    #expect(failure([0.3, 0, 1], down) == nil)
  }

  @Test("an arm far beyond its limits has diverged, and is not led back turn by turn")
  func impossibleStart() throws {
    for angle in [4.0, 1e9, -1e300, .infinity] {
      let start = PandaKinematics.home + angle * JointVector([0, 0, 1, 0, 0, 0, 0])
      #expect(throws: ExecutionFailure.divergedSimulation) {
        try planner.path(
          from: start, to: Pose(position: [0.3, 0, 1], rotation: down))
      }
    }
  }

  @Test("an action is a displacement and an absolute rotation")
  func actionsBecomeTargets() throws {
    let tip = PandaKinematics.tip(PandaKinematics.home)
    let action = Action(translation: [0.1, 0.2, -0.3], eulerAngles: [.pi, 0, 0], gripper: 1)
    let target = try Workspace.target(of: action, from: tip)
    #expect(distance(target.position, tip.position + [0.1, 0.2, -0.3]) < 1e-12)
    #expect(target.rotation.angle(to: down) < 1e-9)
    var broken = action
    broken.eulerAngles.y = .nan
    #expect(throws: ExecutionFailure.invalidRotation) {
      try Workspace.target(of: broken, from: tip)
    }
    broken = action
    broken.translation.z = .infinity
    #expect(throws: ExecutionFailure.targetOutsideWorkspace) {
      try Workspace.target(of: broken, from: tip)
    }
  }

  @Test("a detour keeps off an obstacle, and is the same every time")
  func avoidsObstacles() throws {
    let start = try #require(
      planner.inverseKinematics.solutions(
        Pose(position: [0.3, -0.3, 0.9], rotation: down), near: PandaKinematics.home
      ).first)
    let target = Pose(position: [0.3, 0.3, 0.9], rotation: down)
    // a wall between the two, as high as the tip's height plus 0.2
    let hits: (JointVector) -> Bool = { joints in
      let tip = PandaKinematics.tip(joints).position
      return abs(tip.y) < 0.05 && tip.z < 1.1
    }
    #expect(try planner.path(from: start, to: target).points.contains(where: hits))
    let path = try planner.path(from: start, to: target, avoiding: hits)
    #expect(!path.points.contains(where: hits))
    #expect(distance(PandaKinematics.tip(path.end).position, target.position) < 2e-4)
    #expect(try planner.path(from: start, to: target, avoiding: hits) == path)
  }

  @Test("a target inside an obstacle is unreachable when obstacles matter")
  func refusesBlockedTargets() {
    let target = Pose(position: [0.3, 0.3, 0.9], rotation: down)
    #expect(throws: ExecutionFailure.unreachableTarget) {
      try planner.path(from: PandaKinematics.home, to: target) { joints in
        PandaKinematics.tip(joints).position.z < 1
      }
    }
  }
}
