import Foundation
package import Manipulation

/// Where a camera is and how it projects, in RLBench's convention: of the camera's axes z points
/// forward, x left and y up; pixel coordinates start at the top left corner of the picture, u to the
/// right and v down, and the centre of the first pixel is (0.5, 0.5).
package struct CameraCalibration: Equatable, Sendable {
  /// Pixels.
  package let width: Int
  package let height: Int
  /// Pixels, the same along both axes.
  package let focalLength: Double
  /// The camera's frame in the world.
  package let pose: Pose
  /// Metres along the camera's axis, nearer than which nothing is seen.
  package let near: Double
  /// Metres along the camera's axis, further than which nothing is seen.
  package let far: Double

  /// - Parameters:
  ///   - fieldOfView: Degrees along the larger side.
  ///   - pose: Of RLBench's axes.
  init(width: Int, height: Int, fieldOfView: Double, pose: Pose, near: Double, far: Double) {
    self.width = width
    self.height = height
    focalLength = Double(max(width, height)) / 2 / tan(fieldOfView * .pi / 360)
    self.pose = pose
    self.near = near
    self.far = far
  }

  /// The matrix K as three rows, with RLBench's negative focal lengths.
  package var intrinsics: [SIMD3<Double>] {
    [
      [-focalLength, 0, Double(width) / 2],
      [0, -focalLength, Double(height) / 2],
      [0, 0, 1],
    ]
  }

  /// The matrix from the camera's frame to the world as four rows.
  package var extrinsics: [SIMD4<Double>] {
    let (rows, position) = (pose.rotation.matrix, pose.position)
    return (0..<3).map { SIMD4(rows[$0], position[$0]) } + [[0, 0, 0, 1]]
  }

  /// Where a point of the world is seen.
  ///
  /// - Returns: Column u and row v in pixels, which may lie outside of the picture, and the depth in
  ///   metres; `nil` for a point that is not in front of the camera.
  package func project(_ point: SIMD3<Double>) -> (u: Double, v: Double, depth: Double)? {
    let seen = pose.inverse.apply(to: point)
    guard seen.z > 0 else { return nil }
    return (
      Double(width) / 2 - focalLength * seen.x / seen.z,
      Double(height) / 2 - focalLength * seen.y / seen.z, seen.z
    )
  }

  /// The point of the world that is seen at column u and row v in a depth (metres).
  package func unproject(u: Double, v: Double, depth: Double) -> SIMD3<Double> {
    pose.apply(to: [
      (Double(width) / 2 - u) / focalLength * depth,
      (Double(height) / 2 - v) / focalLength * depth,
      depth,
    ])
  }
}
