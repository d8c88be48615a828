import Foundation
package import Manipulation

/// Rotations as turns: what interpolation and inverse kinematics need of them.
extension Rotation {
  /// Makes a rotation of the columns of its matrix, which are orthonormal up to rounding.
  ///
  /// The largest component of the quaternion is computed first, the others from it (Shepperd, 1978).
  init(columns x: SIMD3<Double>, _ y: SIMD3<Double>, _ z: SIMD3<Double>) {
    let trace = x.x + y.y + z.z
    let quaternion: SIMD4<Double>
    if trace >= max(x.x, y.y, z.z) {
      quaternion = [y.z - z.y, z.x - x.z, x.y - y.x, 1 + trace]
    } else if x.x >= max(y.y, z.z) {
      quaternion = [1 + 2 * x.x - trace, x.y + y.x, x.z + z.x, y.z - z.y]
    } else if y.y >= z.z {
      quaternion = [x.y + y.x, 1 + 2 * y.y - trace, y.z + z.y, z.x - x.z]
    } else {
      quaternion = [x.z + z.x, y.z + z.y, 1 + 2 * z.z - trace, x.y - y.x]
    }
    self = Rotation(quaternionXYZW: quaternion) ?? .identity
  }

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

  /// A pose given in this one's frame, in the world's.
  package func placing(_ inner: Pose) -> Pose {
    Pose(
      position: position + rotation.apply(to: inner.position),
      rotation: rotation * inner.rotation)
  }

  /// The frame of the world, seen from this pose's.
  package var inverse: Pose {
    let back = rotation.inverse
    return Pose(position: -back.apply(to: position), rotation: back)
  }
}
