package import Manipulation

extension PandaArm {
  /// Overlaps (m) that count as touching; resting contacts are shallower.
  private static let overlap = 0.002

  /// A test whether the robot, or what it holds, would touch anything at other joint angles, while
  /// everything else stays as it is in `world`.
  ///
  /// The test works on a copy; the world stays as it is.
  ///
  /// - Throws: `divergedSimulation` when the world's state cannot be copied.
  package func collisionTest(
    in world: World
  ) throws(ExecutionFailure) -> (JointVector) -> Bool {
    let copy: World
    do throws(PhysicsError) {
      copy = try World(model)
      try copy.restore(world.state)
    } catch {
      throw .divergedSimulation
    }
    let start = tip(in: copy)
    let held = copy.attachedBodies.map { ($0, start.inverse * copy.pose(of: $0)) }
    return { joints in
      do throws(PhysicsError) {
        try place(at: joints, holding: held, in: copy)
        return isTouching(in: copy, holding: held.map(\.0))
      } catch {
        return true
      }
    }
  }

  /// Whether the robot or a held body touches something that is neither.
  package func isTouching(in world: World, holding held: [Body] = []) -> Bool {
    world.contacts.contains { contact in
      contact.distance < -PandaArm.overlap
        && isMoving(contact.first, with: held) != isMoving(contact.second, with: held)
    }
  }

  private func isMoving(_ geom: Geom, with held: [Body]) -> Bool {
    let body = model.body(of: geom)
    return model.isBody(body, within: base) || held.contains { model.isBody(body, within: $0) }
  }

  /// Puts arm and held bodies somewhere at once, at rest, without simulating.
  ///
  /// - Parameter held: Bodies with their poses in the tip's frame.
  package func place(
    at angles: JointVector, holding held: [(Body, Pose)], in world: World
  ) throws(PhysicsError) {
    setAngles(angles, in: world)
    try world.forward()
    guard !held.isEmpty else { return }
    let tip = tip(in: world)
    for (body, relative) in held { world.setPose(of: body, to: tip * relative) }
    try world.forward()
  }
}
