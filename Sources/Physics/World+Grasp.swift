internal import CMuJoCo
internal import Manipulation

/// Grasping as RLBench does it: a closed gripper and what it holds move as one.
///
/// The model has an inactive weld `grasp_<body>` from the hand to each body that can be grasped.
/// Grasping switches it on with the relative pose of that moment, which also goes to the user's part
/// of the state (7 numbers a weld, in the welds' order).
extension World {
  /// The prefix of the names of welds that stand for grasps.
  package static let graspPrefix = "grasp_"

  /// Numbers of a relative pose: a position and a quaternion.
  package static let graspWidth = 7

  /// Holds a body as it now lies to the hand.
  ///
  /// - Throws: `PhysicsError.unknownName` when the model has no such weld.
  package func attach(_ body: Body) throws(PhysicsError) {
    let (weld, slot) = try grasp(of: body)
    let hand = Body(Int(unsafe scene.pointee.eq_obj1id[weld.index]))
    let relative = pose(of: hand).inverse * pose(of: body)
    let q = relative.rotation.quaternionXYZW
    let p = relative.position
    for (index, value) in [p.x, p.y, p.z, q.w, q.x, q.y, q.z].enumerated() {
      unsafe data.pointee.userdata[World.graspWidth * slot + index] = value
    }
    unsafe data.pointee.eq_active[weld.index] = true
    restoreGrasps()
  }

  /// Lets a body go.
  package func detach(_ body: Body) throws(PhysicsError) {
    let (weld, _) = try grasp(of: body)
    unsafe data.pointee.eq_active[weld.index] = false
  }

  /// The bodies that are held.
  package var attachedBodies: [Body] {
    grasps.filter { unsafe data.pointee.eq_active[$0.index] }
      .map { Body(Int(unsafe scene.pointee.eq_obj2id[$0.index])) }
  }

  private func grasp(of body: Body) throws(PhysicsError) -> (weld: Equality, slot: Int) {
    let name = World.graspPrefix + (model.name(of: body) ?? "?")
    let weld = try model.named(name, EqualityKind.self)
    guard let slot = grasps.firstIndex(of: weld) else {
      throw .unknownName(name, element: "grasp", model: model.name)
    }
    return (weld, slot)
  }

  /// The welds that stand for grasps and have their numbers in the user's part of the state.
  private var grasps: [Equality] {
    let all = (0..<Int(unsafe scene.pointee.neq)).map(Equality.init).filter {
      model.name(of: $0)?.hasPrefix(World.graspPrefix) == true
    }
    return Array(all.prefix(Int(unsafe scene.pointee.nuserdata) / World.graspWidth))
  }

  /// Brings the welds' relative poses in line with the state.
  func restoreGrasps() {
    for (slot, weld) in grasps.enumerated() where unsafe data.pointee.eq_active[weld.index] {
      let source = unsafe data.pointee.userdata + World.graspWidth * slot
      // A weld's numbers: anchor (3), relative position (3) and quaternion (4), torque scale.
      let target = unsafe scene.pointee.eq_data + Int(mjNEQDATA) * weld.index + 3
      for index in 0..<World.graspWidth { unsafe target[index] = source[index] }
    }
  }
}
