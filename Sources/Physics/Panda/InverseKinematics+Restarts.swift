import Foundation
package import Manipulation

extension InverseKinematics {
  /// Joint angles for `target` from many starts, the nearest to `joints` first.
  ///
  /// The starts are the same for every call: `joints` itself, the home posture turned towards the
  /// target, and pseudo-random ones. The search ends when `solutionCount` descents have succeeded.
  ///
  /// - Parameters:
  ///   - solutionCount: How many solutions are enough; not all need to differ.
  ///   - startCount: How many starts are tried before giving up.
  /// - Returns: Nothing when the pose is (most probably) out of reach.
  package func solutions(
    _ target: Pose, near joints: JointVector, solutionCount: Int = 6, startCount: Int = 60
  ) -> [JointVector] {
    var generator = SeededGenerator(seed: 0x50414E4441)
    var found: [JointVector] = []
    for start in 0..<startCount where found.count < solutionCount {
      let first =
        switch start {
        case 0: joints
        case 1: InverseKinematics.homeTurned(towards: target)
        default: InverseKinematics.randomJoints(using: &generator)
        }
      // towards the current joints, so that among a family of solutions a near one is found
      let solution = solve(target, from: first, posture: joints, pull: 0.3 * JointVector.ones)
      if solution.isExact { found.append(solution.joints) }
    }
    return found.sorted { ($0 - joints).length < ($1 - joints).length }
  }

  /// Joint angles drawn evenly between the limits.
  package static func randomJoints(using generator: inout SeededGenerator) -> JointVector {
    var result = JointVector.zero
    let (lower, upper) = (PandaKinematics.lowerLimits, PandaKinematics.upperLimits)
    for joint in 0..<JointVector.count {
      result[joint] = lower[joint] + generator.uniform() * (upper[joint] - lower[joint])
    }
    return result
  }

  private static func homeTurned(towards target: Pose) -> JointVector {
    let offset = target.position - PandaKinematics.base.position
    var joints = PandaKinematics.home
    joints[0] = atan2(offset.y, offset.x)
    return joints
  }
}
