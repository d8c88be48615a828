package import Manipulation

/// Finds joint angles that bring the tip to a pose: damped least squares with the damping that
/// follows the error (Sugihara, 2011), joint limits, and a pull of the spare seventh freedom
/// towards a posture.
package struct InverseKinematics: Sendable {
  /// What was found for a pose.
  package struct Solution: Equatable, Sendable {
    /// The joint angles, always within the limits.
    package var joints: JointVector
    /// How far the tip stays away (m).
    package var positionError: Double
    /// By which angle the tip stays turned away (rad).
    package var rotationError: Double
    /// Whether both errors are within the tolerances.
    package var isExact: Bool
  }

  /// How near is near enough: 0.1 mm and 0.03 degrees.
  package var positionTolerance = 1e-4
  package var rotationTolerance = 5e-4
  /// The most steps that one descent takes.
  package var stepLimit = 60
  /// The distance kept from joint limits (rad), so that servos do not run into the stops.
  package var limitMargin = 0.005

  /// Metres that count as much as one radian.
  private static let rotationWeight = 0.3
  /// No joint moves further in one step (rad).
  private static let stepLength = 0.4

  package init() {}

  /// Descends from `start` to the nearest joint angles for `target`.
  ///
  /// - Parameters:
  ///   - posture: Where the elbow is pulled to; by default the start, which keeps it still.
  ///   - pull: The share of the way to the posture that is tried in each of the first steps, by
  ///     joint.
  package func solve(
    _ target: Pose, from start: JointVector, posture: JointVector? = nil,
    pull: JointVector = .zero
  ) -> Solution {
    let lower = PandaKinematics.lowerLimits + limitMargin * JointVector.ones
    let upper = PandaKinematics.upperLimits - limitMargin * JointVector.ones
    var joints = start.clamped(from: lower, to: upper)
    let posture = posture ?? joints
    var frames = ArmFrames(joints)
    var error = InverseKinematics.error(of: frames, to: target)
    for step in 0..<stepLimit {
      // the pull ends early: what follows removes the error that it brought in
      let isPulled = step < 3 && pull != .zero
      if !isPulled, isExact(error) { break }
      let wish = isPulled ? JointVector(lanes: pull.lanes * (posture - joints).lanes) : .zero
      let motion = limitedStep(frames, joints, error: error, wish: wish, lower, upper)
      joints = (joints + motion).clamped(from: lower, to: upper)
      frames = ArmFrames(joints)
      error = InverseKinematics.error(of: frames, to: target)
      // stuck against limits or at the end of the reach
      if motion.largest < 1e-7 { break }
    }
    return Solution(
      joints: joints, positionError: error.position, rotationError: error.rotation,
      isExact: isExact(error))
  }

  private func isExact(_ error: TipError) -> Bool {
    error.position <= positionTolerance && error.rotation <= rotationTolerance
  }

  /// A step from `joints` in which no joint that stands at a limit leaves it.
  private func limitedStep(
    _ frames: ArmFrames, _ joints: JointVector, error: TipError, wish: JointVector,
    _ lower: JointVector, _ upper: JointVector
  ) -> JointVector {
    var columns = InlineArray<7, SIMD8<Double>>(repeating: .zero)
    for joint in 0..<JointVector.count {
      columns[joint] = frames.motion(of: joint) * InverseKinematics.weights
    }
    var system = DampedStep(columns: columns)
    var wish = wish
    let weighted = error.vector * InverseKinematics.weights
    let damping = 0.5 * (weighted * weighted).sum() + 1e-6
    // each round locks at least one of seven joints
    for _ in 0..<JointVector.count {
      let motion = system.solve(error: weighted, wish: wish, damping: damping)
      var isFree = true
      for joint in 0..<JointVector.count where motion[joint] != 0 {
        let target = joints[joint] + motion[joint]
        let isStuck =
          motion[joint] < 0
          ? joints[joint] <= lower[joint] && target < lower[joint]
          : joints[joint] >= upper[joint] && target > upper[joint]
        guard isStuck else { continue }
        system.lock(joint)
        wish[joint] = 0
        isFree = false
      }
      if isFree {
        return min(1, InverseKinematics.stepLength / max(motion.largest, 1e-12)) * motion
      }
    }
    return .zero
  }

  private static let weights: SIMD8<Double> = [
    1, 1, 1, rotationWeight, rotationWeight, rotationWeight, 0, 0,
  ]

  /// The difference between a pose and the tip's.
  private struct TipError {
    /// m in the first three lanes, axis times angle (rad) in the next three.
    var vector: SIMD8<Double>
    var position, rotation: Double
  }

  private static func error(of frames: ArmFrames, to target: Pose) -> TipError {
    let offset = target.position - frames.tipPosition
    let turn = frames.tip.rotation.turn(to: target.rotation)
    return TipError(
      vector: [offset.x, offset.y, offset.z, turn.x, turn.y, turn.z, 0, 0],
      position: (offset * offset).sum().squareRoot(),
      rotation: (turn * turn).sum().squareRoot())
  }
}

extension JointVector {
  static let ones = JointVector(lanes: [1, 1, 1, 1, 1, 1, 1, 0])
}
