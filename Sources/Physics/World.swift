internal import CMuJoCo
internal import CMuJoCoGuard
package import Manipulation

/// A scene that runs: its state, and what can be asked of it and done to it.
///
/// A world belongs to one thread. Its state is one vector of numbers; two worlds of one model with
/// the same state go on alike, bit for bit on one machine. Looking at a world changes nothing; a
/// change of its state by hand is followed by `forward`.
@safe package final class World {
  package let model: SceneModel
  let data: UnsafeMutablePointer<mjData>
  /// A copy of our own: the engine keeps a grasp's relative pose in the model. What is there follows
  /// from the state, where the same numbers stand in the user's part.
  let scene: UnsafeMutablePointer<mjModel>

  static let stateSignature = Int32(mjSTATE_INTEGRATION.rawValue)

  /// Makes a world in the model's initial state.
  ///
  /// - Throws: `PhysicsError.engine`.
  package init(_ model: SceneModel) throws(PhysicsError) {
    self.model = model
    Engine.prepare()
    var data: UnsafeMutablePointer<mjData>?
    try Engine.check(unsafe mole_mj_make_data(model.pointer, &data))
    guard let data = unsafe data, let scene = unsafe mj_copyModel(nil, model.pointer) else {
      throw .engine("no memory for the model '\(model.name)'")
    }
    unsafe self.data = data
    unsafe self.scene = scene
    try forward()
  }

  deinit {
    unsafe mj_deleteData(data)
    unsafe mj_deleteModel(scene)
  }

  /// Simulated seconds since the start.
  package var time: Double { unsafe data.pointee.time }

  /// The whole state, grasps included.
  package var state: [Double] {
    unsafe [Double](unsafeUninitializedCapacity: model.stateSize) { buffer, count in
      unsafe mj_getState(scene, data, buffer.baseAddress, World.stateSignature)
      count = buffer.count
    }
  }

  /// Takes on a state.
  ///
  /// - Throws: `PhysicsError.stateMismatch`, or `diverged` when a number is not finite.
  package func restore(_ state: [Double]) throws(PhysicsError) {
    guard state.count == model.stateSize else {
      throw .stateMismatch(expected: model.stateSize, found: state.count, model: model.name)
    }
    guard state.allSatisfy(\.isFinite) else {
      throw .diverged(time: time, reason: "the state to restore holds a number that is not finite")
    }
    unsafe mj_resetData(scene, data)
    unsafe mj_setState(scene, data, state, World.stateSignature)
    restoreGrasps()
    try forward()
    // `forward` finds accelerations of its own; the solver goes on from the recorded ones.
    unsafe mj_setState(scene, data, state, World.stateSignature)
  }

  /// Goes back to the model's initial state.
  package func reset() throws(PhysicsError) {
    unsafe mj_resetData(scene, data)
    try forward()
  }

  /// Simulates some physics steps.
  ///
  /// - Throws: `PhysicsError.diverged` when a number is not finite or too large, or the engine had
  ///   to leave out contacts; `engine`.
  package func step(_ count: Int = 1) throws(PhysicsError) {
    try Engine.check(unsafe mole_mj_step(scene, data, Int32(clamping: count)))
    try checkWarnings()
    // A step leaves poses as they were at its beginning.
    try Engine.check(unsafe mole_mj_update_poses(scene, data))
  }

  /// Brings everything that follows from the state up to date, without moving in time.
  package func forward() throws(PhysicsError) {
    try Engine.check(unsafe mole_mj_forward(scene, data))
    try checkWarnings()
  }

  private func checkWarnings() throws(PhysicsError) {
    for (warning, reason) in World.fatalWarnings {
      let count = unsafe mole_mj_warning_count(data, Int32(warning.rawValue))
      guard count == 0 else { throw .diverged(time: time, reason: reason) }
    }
  }

  private static let fatalWarnings: [(mjtWarning, String)] = [
    (mjWARN_BADQPOS, "a position is not finite or too large"),
    (mjWARN_BADQVEL, "a velocity is not finite or too large"),
    (mjWARN_BADQACC, "an acceleration is not finite or too large"),
    (mjWARN_BADCTRL, "a control is not finite or too large"),
    (mjWARN_CONTACTFULL, "there are more contacts than memory for them"),
    (mjWARN_CNSTRFULL, "there are more constraints than memory for them"),
    (mjWARN_INERTIA, "the inertia matrix is singular"),
  ]
}

extension World {
  /// The pose of a body's own frame.
  package func pose(of body: Body) -> Pose {
    let (p, q) = unsafe (data.pointee.xpos + 3 * body.index, data.pointee.xquat + 4 * body.index)
    return unsafe Pose(position: [p[0], p[1], p[2]], rotation: Rotation(wxyz: q))
  }

  package func pose(of site: Site) -> Pose {
    let (p, m) = unsafe (
      data.pointee.site_xpos + 3 * site.index, data.pointee.site_xmat + 9 * site.index
    )
    return unsafe Pose(position: [p[0], p[1], p[2]], rotation: Rotation(rows: m))
  }

  package func pose(of geom: Geom) -> Pose {
    let (p, m) = unsafe (
      data.pointee.geom_xpos + 3 * geom.index, data.pointee.geom_xmat + 9 * geom.index
    )
    return unsafe Pose(position: [p[0], p[1], p[2]], rotation: Rotation(rows: m))
  }

  /// A hinge's angle in radians or a slide's displacement in metres.
  package func position(of joint: Joint) -> Double {
    unsafe data.pointee.qpos[Int(scene.pointee.jnt_qposadr[joint.index])]
  }

  /// In rad/s or m/s.
  package func velocity(of joint: Joint) -> Double {
    unsafe data.pointee.qvel[Int(scene.pointee.jnt_dofadr[joint.index])]
  }

  /// An actuator's control: a servo's goal in rad or m.
  package func control(of actuator: Actuator) -> Double {
    unsafe data.pointee.ctrl[actuator.index]
  }

  /// The least signed distance of two geoms in metres; `limit` where it is larger.
  package func distance(from first: Geom, to second: Geom, limit: Double) -> Double {
    unsafe mj_geomDistance(
      scene, data, Int32(first.index), Int32(second.index), limit, nil)
  }

  /// Whether two geoms overlap or touch; neither needs to be able to collide.
  package func touches(_ first: Geom, _ second: Geom) -> Bool {
    distance(from: first, to: second, limit: 0.01) <= 0
  }

  /// The contacts at the beginning of the last step, or at the last `forward`.
  package var contacts: [Contact] {
    (0..<Int(unsafe data.pointee.ncon)).map { index in
      let contact = unsafe data.pointee.contact[index]
      return Contact(
        first: Geom(Int(contact.geom.0)), second: Geom(Int(contact.geom.1)),
        distance: contact.dist)
    }
  }
}

/// Two geoms that touch.
package struct Contact: Equatable, Sendable {
  package var first: Geom
  package var second: Geom
  /// In metres; negative where they overlap.
  package var distance: Double
}

extension World {
  /// Sets an actuator's control: a servo's goal in rad or m.
  package func setControl(_ actuator: Actuator, to value: Double) {
    unsafe data.pointee.ctrl[actuator.index] = value
  }

  /// Sets a hinge or slide, at rest. Call `forward` afterwards.
  package func setPosition(of joint: Joint, to value: Double) {
    unsafe data.pointee.qpos[Int(scene.pointee.jnt_qposadr[joint.index])] = value
    unsafe data.pointee.qvel[Int(scene.pointee.jnt_dofadr[joint.index])] = 0
  }

  /// Puts a body somewhere, at rest. Call `forward` afterwards.
  ///
  /// - Precondition: The body is free or a mocap body.
  package func setPose(of body: Body, to pose: Pose) {
    let mocap = unsafe Int(scene.pointee.body_mocapid[body.index])
    if mocap >= 0 {
      unsafe World.write(
        pose, to: data.pointee.mocap_pos + 3 * mocap, data.pointee.mocap_quat + 4 * mocap)
    } else if let joint = model.freeJoint(of: body) {
      let position = unsafe data.pointee.qpos + Int(scene.pointee.jnt_qposadr[joint.index])
      let velocity = unsafe data.pointee.qvel + Int(scene.pointee.jnt_dofadr[joint.index])
      unsafe World.write(pose, to: position, position + 3)
      for axis in 0..<6 { unsafe velocity[axis] = 0 }
    } else {
      preconditionFailure("the body \(model.name(of: body) ?? "?") cannot be put anywhere")
    }
  }

  private static func write(
    _ pose: Pose, to position: UnsafeMutablePointer<Double>,
    _ quaternion: UnsafeMutablePointer<Double>
  ) {
    let q = pose.rotation.quaternionXYZW
    for axis in 0..<3 { unsafe position[axis] = pose.position[axis] }
    for (index, value) in [q.w, q.x, q.y, q.z].enumerated() { unsafe quaternion[index] = value }
  }
}
