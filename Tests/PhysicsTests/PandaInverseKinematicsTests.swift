import Manipulation
import Physics
import Testing

struct PandaInverseKinematicsTests {
  private let solver = InverseKinematics()

  private func errors(of joints: JointVector, at target: Pose) -> (Double, Double) {
    let tip = PandaKinematics.tip(joints)
    let offset = tip.position - target.position
    return ((offset * offset).sum().squareRoot(), tip.rotation.angle(to: target.rotation))
  }

  @Test("poses of random joint angles are found again, within the limits")
  func findsReachablePoses() {
    var generator = SeededGenerator(seed: 11)
    let count = 1000
    var found = 0
    for _ in 0..<count {
      let target = PandaKinematics.tip(InverseKinematics.randomJoints(using: &generator))
      let solutions = solver.solutions(target, near: PandaKinematics.home)
      guard let joints = solutions.first else { continue }
      let (distance, angle) = errors(of: joints, at: target)
      #expect(distance < 2e-4)
      #expect(angle < 1.7e-3)
      #expect(PandaKinematics.isWithinLimits(joints))
      found += 1
    }
    #expect(Double(found) >= 0.99 * Double(count))
  }

  @Test("a near pose is reached from where the arm is, without another posture")
  func followsNearPoses() {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<200 {
      var joints = PandaKinematics.home
      for joint in 0..<JointVector.count { joints[joint] += 0.4 * (generator.uniform() - 0.5) }
      var near = joints
      for joint in 0..<JointVector.count { near[joint] += 0.04 * (generator.uniform() - 0.5) }
      let solution = solver.solve(PandaKinematics.tip(near), from: joints)
      #expect(solution.isExact)
      #expect((solution.joints - joints).largest < 0.1)
    }
  }

  @Test("a pose beyond the arm's reach is not found, and says how far it stays away")
  func refusesFarPoses() {
    let far = Pose(position: [2, 0, 1], rotation: .identity)
    #expect(solver.solutions(far, near: PandaKinematics.home).first == nil)
    let solution = solver.solve(far, from: PandaKinematics.home)
    #expect(!solution.isExact)
    #expect(solution.positionError > 0.5)
    #expect(PandaKinematics.isWithinLimits(solution.joints))
  }

  @Test("the same question has the same answer")
  func isReproducible() {
    let target = Pose(
      position: [0.3, 0.2, 0.9], rotation: Rotation(extrinsicXYZ: [.pi, 0, 0.5]))
    let answers = (0..<3).map { _ in solver.solutions(target, near: PandaKinematics.home) }
    #expect(!answers[0].isEmpty)
    #expect(answers[0] == answers[1] && answers[1] == answers[2])
  }

  @Test("among solutions the nearest comes first")
  func sortsByDistance() {
    let target = Pose(
      position: [0.3, -0.2, 0.9], rotation: Rotation(extrinsicXYZ: [.pi, 0, 0.5]))
    let distances = solver.solutions(target, near: PandaKinematics.home).map {
      ($0 - PandaKinematics.home).length
    }
    #expect(distances == distances.sorted())
  }
}
