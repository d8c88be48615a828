package import Manipulation

/// Where the tip may be sent, and which pose an action asks for.
package enum Workspace {
  /// The corners of RLBench's bounds (m): its placement rectangle grown by 0.2 on each side, and
  /// one metre up from the task plane.
  package static let lower: SIMD3<Double> = [-0.275, -0.655, 0.752]
  package static let upper: SIMD3<Double> = [0.775, 0.655, 1.752]

  /// Whether a target position lies strictly inside.
  package static func contains(_ position: SIMD3<Double>) -> Bool {
    (0..<3).allSatisfy { position[$0] > lower[$0] && position[$0] < upper[$0] }
  }

  /// The pose that `action` asks for when the tip is at `tip`.
  ///
  /// - Throws: `invalidRotation` when an angle is not finite, `targetOutsideWorkspace` when the
  ///   position is not finite or lies outside.
  package static func target(
    of action: Action, from tip: Pose
  ) throws(ExecutionFailure) -> Pose {
    guard action.eulerAngles.sum().isFinite else { throw .invalidRotation }
    let target = Pose(position: tip.position + action.translation, rotation: action.rotation)
    try check(target)
    return target
  }

  /// - Throws: `targetOutsideWorkspace` or `invalidRotation`.
  static func check(_ target: Pose) throws(ExecutionFailure) {
    guard target.rotation.quaternionXYZW.sum().isFinite else { throw .invalidRotation }
    // a position that is not finite is not inside either
    guard contains(target.position) else { throw .targetOutsideWorkspace }
  }
}
