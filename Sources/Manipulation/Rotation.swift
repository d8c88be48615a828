import Foundation

/// A rotation in three dimensions; the representation is hidden.
///
/// Files and wires carry quaternions as (x, y, z, w) or Euler angles as scipy's lower-case
/// `"xyz"`: extrinsic rotations about x, then y, then z, in radians.
package struct Rotation: Equatable, Sendable {
  /// Unit quaternion (x, y, z, w).
  private let quaternion: SIMD4<Double>

  private init(unit quaternion: SIMD4<Double>) {
    self.quaternion = quaternion
  }

  package static let identity = Rotation(unit: [0, 0, 0, 1])

  /// Makes a rotation of the quaternion (x, y, z, w), normalised.
  ///
  /// - Returns: `nil` when a component is not finite or the norm is (nearly) zero.
  package init?(quaternionXYZW quaternion: SIMD4<Double>) {
    let norm = (quaternion * quaternion).sum().squareRoot()
    guard norm.isFinite, norm > 1e-9 else { return nil }
    self.init(unit: quaternion / norm)
  }

  /// Makes the rotation about x, then y, then z of the fixed frame, by `angles` in radians.
  package init(extrinsicXYZ angles: SIMD3<Double>) {
    let x = Rotation(angle: angles.x, aboutUnitAxis: [1, 0, 0])
    let y = Rotation(angle: angles.y, aboutUnitAxis: [0, 1, 0])
    let z = Rotation(angle: angles.z, aboutUnitAxis: [0, 0, 1])
    self = z * y * x
  }

  /// Makes the rotation by `angle` radians about `axis`, which has length 1.
  package init(angle: Double, aboutUnitAxis axis: SIMD3<Double>) {
    let sine = sin(angle / 2)
    quaternion = [axis.x * sine, axis.y * sine, axis.z * sine, cos(angle / 2)]
  }

  /// Makes the rotation of an orthonormal matrix given as three rows (Shepperd's method).
  package init(rows m: [SIMD3<Double>]) {
    precondition(m.count == 3, "a rotation matrix has three rows")
    let (xx, yy, zz) = (m[0].x, m[1].y, m[2].z)
    let quaternion: SIMD4<Double>
    if xx + yy + zz > max(xx, yy, zz) {
      quaternion = [m[2].y - m[1].z, m[0].z - m[2].x, m[1].x - m[0].y, 1 + xx + yy + zz]
    } else if xx >= yy && xx >= zz {
      quaternion = [1 + xx - yy - zz, m[0].y + m[1].x, m[0].z + m[2].x, m[2].y - m[1].z]
    } else if yy >= zz {
      quaternion = [m[0].y + m[1].x, 1 - xx + yy - zz, m[1].z + m[2].y, m[0].z - m[2].x]
    } else {
      quaternion = [m[0].z + m[2].x, m[1].z + m[2].y, 1 - xx - yy + zz, m[1].x - m[0].y]
    }
    self = Rotation(quaternionXYZW: quaternion) ?? .identity
  }

  /// The unit quaternion (x, y, z, w).
  package var quaternionXYZW: SIMD4<Double> { quaternion }

  /// The extrinsic x-y-z Euler angles in radians: x and z in (-π, π], y in [-π/2, π/2].
  ///
  /// At the singularity (y = ±π/2) the angle about z is 0, and x carries the whole turn.
  package var extrinsicXYZ: SIMD3<Double> {
    let m = matrix
    let sineY = min(1, max(-1, -m[2].x))
    guard abs(sineY) < 1 - 1e-12 else {
      return [sineY > 0 ? atan2(m[0].y, m[1].y) : atan2(-m[0].y, m[1].y), asin(sineY), 0]
    }
    return [atan2(m[2].y, m[2].z), asin(sineY), atan2(m[1].x, m[0].x)]
  }

  /// The rotation matrix as three rows.
  package var matrix: [SIMD3<Double>] {
    let (x, y, z, w) = (quaternion.x, quaternion.y, quaternion.z, quaternion.w)
    let (xx, yy, zz) = (x * x, y * y, z * z)
    let (xy, xz, yz) = (x * y, x * z, y * z)
    let (wx, wy, wz) = (w * x, w * y, w * z)
    return [
      [1 - 2 * (yy + zz), 2 * (xy - wz), 2 * (xz + wy)],
      [2 * (xy + wz), 1 - 2 * (xx + zz), 2 * (yz - wx)],
      [2 * (xz - wy), 2 * (yz + wx), 1 - 2 * (xx + yy)],
    ]
  }

  package var inverse: Rotation {
    Rotation(unit: [-quaternion.x, -quaternion.y, -quaternion.z, quaternion.w])
  }

  /// The rotation that applies `first`, then `second`.
  package static func * (second: Rotation, first: Rotation) -> Rotation {
    let (a, b) = (second.quaternion, first.quaternion)
    let x = a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y
    let y = a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x
    let z = a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w
    let w = a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z
    return Rotation(quaternionXYZW: [x, y, z, w]) ?? .identity
  }

  /// Rotates a vector.
  package func apply(to vector: SIMD3<Double>) -> SIMD3<Double> {
    let rows = matrix
    return [(rows[0] * vector).sum(), (rows[1] * vector).sum(), (rows[2] * vector).sum()]
  }

  /// The geodesic distance in radians, in [0, π].
  package func angle(to other: Rotation) -> Double {
    let difference = (inverse * other).quaternion
    let sine = SIMD3(difference.x, difference.y, difference.z)
    return 2 * atan2((sine * sine).sum().squareRoot(), abs(difference.w))
  }
}
