internal import CMuJoCo
package import Manipulation

extension World {
  /// The camera's frame in RLBench's axes: z forward, x left, y up.
  package func pose(of camera: Camera) -> Pose {
    let p = unsafe data.pointee.cam_xpos + 3 * camera.index
    let m = unsafe data.pointee.cam_xmat + 9 * camera.index
    // MuJoCo's cameras have x to the right and z backward.
    return unsafe Pose(
      position: [p[0], p[1], p[2]],
      rotation: Rotation(rows: [
        [-m[0], m[1], -m[2]], [-m[3], m[4], -m[5]], [-m[6], m[7], -m[8]],
      ]))
  }

  /// Degrees along the larger side of a picture.
  package func fieldOfView(of camera: Camera) -> Double {
    unsafe scene.pointee.cam_fovy[camera.index]
  }
}
