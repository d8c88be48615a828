/// A path with times: as fast as the limits of speed and acceleration allow, from rest to rest.
package struct ArmTrajectory: Sendable {
  /// What the arm does not exceed.
  package struct Limits: Equatable, Sendable {
    /// rad/s and rad/s², of every joint.
    package var jointSpeed = 1.5
    package var jointAcceleration = 8.0
    /// m/s.
    package var tipSpeed = 0.5
    /// s; a shorter way is slowed down.
    package var shortestDuration = 0.1

    package init() {}
  }

  /// The joint angles and speeds that the arm should have at a moment.
  package struct Reference: Equatable, Sendable {
    /// rad.
    package var joints: JointVector
    /// rad/s.
    package var speeds: JointVector
  }

  /// Seconds from start to end.
  package let duration: Double
  private let curve: JointSpline
  /// The speed of the curve's parameter and the time at evenly spaced parameters.
  private let speeds: [Double]
  private let times: [Double]
  /// How much faster the profile is than this trajectory.
  private let stretch: Double

  private static let gridPerPoint = 4
  private static var gridStep: Double { 1 / Double(gridPerPoint) }

  package init(_ path: ArmPath, limits: Limits = Limits()) {
    let points = path.points.count > 1 ? path.points : [path.points[0], path.points[0]]
    curve = JointSpline(points)
    speeds = ArmTrajectory.speedProfile(of: curve, limits)
    times = ArmTrajectory.times(for: speeds)
    let fastest = times[times.count - 1]
    // a path of no length takes no time at all by its profile
    duration = max(limits.shortestDuration, fastest)
    stretch = fastest / duration
  }

  /// Where the arm should be `time` seconds after the start; before and after that it rests.
  package func at(_ time: Double) -> Reference {
    guard time > 0 else { return Reference(joints: curve.at(0).value, speeds: .zero) }
    guard time < duration else {
      return Reference(joints: curve.at(curve.end).value, speeds: .zero)
    }
    let moment = time * stretch
    let cell = cell(at: moment)
    let span = times[cell + 1] - times[cell]
    let passed = moment - times[cell]
    // the speed changes evenly within a cell
    let gain = span > 0 ? (speeds[cell + 1] - speeds[cell]) / span : 0
    let speed = speeds[cell] + gain * passed
    let advance = (speeds[cell] + 0.5 * gain * passed) * passed
    let parameter = Double(cell) * ArmTrajectory.gridStep + advance
    let point = curve.at(min(curve.end, parameter))
    return Reference(joints: point.value, speeds: (speed * stretch) * point.slope)
  }

  /// The last cell that begins at or before `moment`.
  private func cell(at moment: Double) -> Int {
    var (low, high) = (0, times.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= moment { low = middle } else { high = middle }
    }
    return low
  }

  private static func times(for speeds: [Double]) -> [Double] {
    var times = [0.0]
    for cell in 0..<speeds.count - 1 {
      let sum = speeds[cell] + speeds[cell + 1]
      times.append(times[cell] + (sum > 0 ? 2 * gridStep / sum : 0))
    }
    return times
  }

  /// The fastest allowed speed of the curve's parameter on the grid, 0 at both ends.
  ///
  /// Half of the acceleration goes to bends of the curve, half to changes of speed along it.
  private static func speedProfile(of curve: JointSpline, _ limits: Limits) -> [Double] {
    let count = Int(curve.end) * gridPerPoint + 1
    let grid = (0..<count).map { curve.at(Double($0) * gridStep) }
    var speeds = grid.map { fastest($0.slope, $0.bend, at: $0.value, limits) }
    speeds[0] = 0
    speeds[count - 1] = 0
    // v² grows by at most 2 a ds a cell, forwards and backwards
    let gains = grid.map { 2 * gridStep * acceleration(along: $0.slope, limits) }
    for cell in 1..<count {
      let gain = min(gains[cell - 1], gains[cell])
      speeds[cell] = min(speeds[cell], (speeds[cell - 1] * speeds[cell - 1] + gain).squareRoot())
    }
    for cell in (0..<count - 1).reversed() {
      let gain = min(gains[cell + 1], gains[cell])
      speeds[cell] = min(speeds[cell], (speeds[cell + 1] * speeds[cell + 1] + gain).squareRoot())
    }
    return speeds
  }

  private static func acceleration(along slope: JointVector, _ limits: Limits) -> Double {
    // a curve that stands still may pass at once
    0.5 * limits.jointAcceleration / max(slope.largest, 1e-9)
  }

  private static func fastest(
    _ slope: JointVector, _ bend: JointVector, at joints: JointVector, _ limits: Limits
  ) -> Double {
    let frames = ArmFrames(joints)
    var motion = SIMD8<Double>.zero
    for joint in 0..<JointVector.count { motion += slope[joint] * frames.motion(of: joint) }
    let tip = (motion.lowHalf * [1, 1, 1, 0] * motion.lowHalf).sum().squareRoot()
    return min(
      limits.jointSpeed / max(slope.largest, 1e-9), limits.tipSpeed / max(tip, 1e-9),
      (0.5 * limits.jointAcceleration / max(bend.largest, 1e-9)).squareRoot())
  }
}
