internal import Manipulation

extension Rotation {
  /// Of MuJoCo's quaternion (w, x, y, z).
  init(wxyz q: UnsafePointer<Double>) {
    let quaternion = unsafe SIMD4(q[1], q[2], q[3], q[0])
    self = Rotation(quaternionXYZW: quaternion) ?? .identity
  }

  init(wxyz q: UnsafeMutablePointer<Double>) {
    unsafe self.init(wxyz: UnsafePointer(q))
  }

  /// Of a rotation matrix, row by row.
  init(rows m: UnsafePointer<Double>) {
    unsafe self.init(
      rows: [[m[0], m[1], m[2]], [m[3], m[4], m[5]], [m[6], m[7], m[8]]])
  }
}
