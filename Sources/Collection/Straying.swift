internal import Manipulation

/// Lets the gripper miss the way points on its way, so that demonstrations show how to go on from
/// where a policy comes to that is not exact (DART: Laskey et al., CoRL 2017).
///
/// Where the gripper opens or closes it misses by less, so that it grasps often enough; where it does
/// not, the demonstration shows how to try again.
struct Straying {
  /// The most that a way point is missed by along each axis, in metres.
  let distance: Double
  private var isOpen: Bool
  private var generator: SeededGenerator

  /// How far the gripper is turned at most for each metre that it may miss, in radians.
  private static let turn = 5.0

  /// The share of the distance where the gripper opens or closes.
  private static let shareAtHand = 0.4

  /// - Parameters:
  ///   - start: Says whether the gripper is open at first.
  ///   - seed: The episode's.
  init(distance: Double, start: Observation, seed: UInt64) {
    self.distance = distance
    isOpen = (start.gripperOpen ?? 1) > 0.5
    generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["straying"]))
  }

  /// What is carried out in place of an action of the expert.
  mutating func callAsFunction(_ action: Action) -> Action {
    defer { isOpen = action.opensGripper }
    guard distance > 0 else { return action }
    let most = action.opensGripper == isOpen ? distance : Self.shareAtHand * distance
    // Small misses are as frequent as large ones.
    let reach = most * generator.uniform()
    var strayed = action
    strayed.translation += direction() * reach
    let turned = direction() * (Self.turn * reach)
    strayed.eulerAngles = (Rotation(extrinsicXYZ: turned) * action.rotation).extrinsicXYZ
    return strayed.asRecorded
  }

  /// Three numbers between -1 and 1.
  private mutating func direction() -> SIMD3<Double> {
    SIMD3((0..<3).map { _ in 2 * generator.uniform() - 1 })
  }
}
