internal import Manipulation
internal import Physics

/// What can be read off a task's world.
extension TaskScene {
  /// For each of the task's objects its pose (x, y, z, qx, qy, qz, qw), then the positions of the
  /// task's joints.
  func taskState(in world: World) -> [Double] {
    let poses = parts.objects.flatMap { body in
      let pose = world.pose(of: body)
      let (p, q) = (pose.position, pose.rotation.quaternionXYZW)
      return [p.x, p.y, p.z, q.x, q.y, q.z, q.w]
    }
    return poses + parts.taskJoints.map { world.position(of: $0) }
  }
}
