import Foundation
package import Manipulation

/// Rotations as turns: what interpolation and inverse kinematics need of them.
extension Rotation {
  /// The shortest turn from here to `target` in the fixed frame: axis times angle (rad).
  func turn(to target: Rotation) -> SIMD3<Double> {
    let difference = (target * inverse).quaternionXYZW
    // q and -q are the same rotation; the one with w >= 0 turns by at most half a circle
    let sign: Double = difference.w < 0 ? -1 : 1
    let vector = sign * SIMD3(difference.x, difference.y, difference.z)
    let sine = (vector * vector).sum().squareRoot()
    guard sine > 1e-12 else { return 2 * vector }
    return (2 * atan2(sine, sign * difference.w) / sine) * vector
  }

  /// This rotation followed by a turn (axis times angle, rad) in the fixed frame.
  func turned(by turn: SIMD3<Double>) -> Rotation {
    let angle = (turn * turn).sum().squareRoot()
    guard angle > 1e-12 else { return self }
    return Rotation(angle: angle, aboutUnitAxis: turn / angle) * self
  }
}

extension Pose {
  /// The pose that a straight line with evenly turning orientation reaches after `fraction` of the
  /// way to `target`.
  package func interpolated(to target: Pose, fraction: Double) -> Pose {
    Pose(
      position: position + fraction * (target.position - position),
      rotation: rotation.turned(by: fraction * rotation.turn(to: target.rotation)))
  }
}
