/// The 7-D action of MoLe-VLA's data: a way to the next key pose.
///
/// As a vector: world Δx, Δy, Δz (m) from the current gripper position; the absolute Euler angles
/// of the next key pose (rad, extrinsic x-y-z); gripper, 1 = open, 0 = closed.
package struct Action: Equatable, Sendable {
  package static let width = 7

  /// World displacement of the gripper in metres.
  package var translation: SIMD3<Double>
  /// Absolute extrinsic x-y-z Euler angles of the next key pose, in radians.
  package var eulerAngles: SIMD3<Double>
  /// 1 = open, 0 = closed; a policy's raw value may lie between.
  package var gripper: Double

  package init(translation: SIMD3<Double>, eulerAngles: SIMD3<Double>, gripper: Double) {
    self.translation = translation
    self.eulerAngles = eulerAngles
    self.gripper = gripper
  }

  /// Makes an action of seven numbers in the order above.
  ///
  /// - Precondition: `vector` has seven elements.
  package init(vector: [Float]) {
    precondition(vector.count == Action.width, "\(vector.count) values are no 7-D action")
    let v = vector.map(Double.init)
    self.init(translation: [v[0], v[1], v[2]], eulerAngles: [v[3], v[4], v[5]], gripper: v[6])
  }

  /// The seven numbers in the order above.
  package var vector: [Float] {
    let (t, e) = (translation, eulerAngles)
    return [t.x, t.y, t.z, e.x, e.y, e.z, gripper].map(Float.init)
  }

  /// The orientation of the next key pose.
  package var rotation: Rotation { Rotation(extrinsicXYZ: eulerAngles) }

  /// Whether the gripper is asked to be open.
  package var opensGripper: Bool { gripper > 0.5 }
}

/// The actions of one prediction, the first to be executed first.
package struct ActionChunk: Equatable, Sendable {
  package var actions: [Action]

  package init(actions: [Action]) {
    self.actions = actions
  }
}
