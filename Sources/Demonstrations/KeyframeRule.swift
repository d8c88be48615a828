/// How key frames are found in a recording at full rate.
///
/// Both rules look for moments at which the arm stands still or the gripper changes; they differ
/// in which of two close key frames is dropped. The conditions are those of PerAct's public
/// description: an arm is quiet when no joint moves faster than 0.1 rad/s, and after a stop the
/// next four frames cannot be one.
package enum KeyframeRule: String, CaseIterable, Sendable {
  /// When the last two key frames follow each other directly, the first of them is dropped.
  case peract
  /// Whenever a key frame is within five frames of the one before, the one before is dropped.
  case lift3d

  /// Makes the rule of a name.
  ///
  /// - Throws: `DemonstrationError.unknownKeyframeRule`.
  package init(named name: String) throws {
    guard let rule = KeyframeRule(rawValue: name) else {
      throw DemonstrationError.unknownKeyframeRule(name)
    }
    self = rule
  }

  /// The largest joint speed of a quiet arm, rad/s.
  private static let quietSpeed = 0.1
  /// The frames after a stop that cannot be another.
  private static let pause = 4
  /// LIFT3D drops a key frame that is followed by another within this many frames.
  private static let closeness = 5

  /// Finds the key frames; the first frame is never one, the last always is.
  ///
  /// - Parameters:
  ///   - jointVelocities: For each frame, the joints' velocities in rad/s.
  ///   - gripperOpen: For each frame, 1 = open, 0 = closed.
  /// - Returns: Increasing frame indices.
  /// - Precondition: There are as many velocities as gripper states.
  package func keyframes(jointVelocities: [[Double]], gripperOpen: [Double]) -> [Int] {
    precondition(
      jointVelocities.count == gripperOpen.count,
      "\(jointVelocities.count) velocities for \(gripperOpen.count) gripper states")
    let count = gripperOpen.count
    var found: [Int] = []
    var counter = 0
    for frame in 0..<count {
      let stopped =
        counter <= 0 && frame != count - 2 && isQuiet(jointVelocities[frame])
        && keepsGripper(frame, gripperOpen)
      counter = stopped ? KeyframeRule.pause : counter - 1
      guard frame > 0 else { continue }
      guard stopped || frame == count - 1 || gripperOpen[frame] != gripperOpen[frame - 1] else {
        continue
      }
      found.append(frame)
      if self == .lift3d { dropCloseOne(&found) }
    }
    if self == .peract, found.count > 1, found[found.count - 1] - found[found.count - 2] == 1 {
      found.remove(at: found.count - 2)
    }
    return found
  }

  private func dropCloseOne(_ found: inout [Int]) {
    let count = found.count
    guard count > 1, found[count - 1] - found[count - 2] <= KeyframeRule.closeness else { return }
    found.remove(at: count - 2)
  }

  private func isQuiet(_ velocities: [Double]) -> Bool {
    velocities.allSatisfy { abs($0) <= KeyframeRule.quietSpeed }
  }

  /// Whether the gripper is the same two frames back and one frame on; indices before the start
  /// wrap around to the end, as in the original.
  private func keepsGripper(_ frame: Int, _ open: [Double]) -> Bool {
    guard frame < open.count - 2 else { return false }
    func at(_ index: Int) -> Double { open[index < 0 ? index + open.count : index] }
    return at(frame) == at(frame + 1) && at(frame) == at(frame - 1)
      && at(frame - 2) == at(frame - 1)
  }
}
