package import Manipulation

/// The gripper by RLBench's rule: it is open or closed and nothing between; closing attaches what
/// is graspable and lies between the finger tips, opening lets it go.
extension PandaArm {
  /// How far each finger opens (m).
  package static let fingerStroke = 0.04
  /// m/s.
  private static let fingerSpeed = 0.2
  /// The fingers have stopped when they are slower (m/s); they are not waited for longer (s).
  private static let fingerRest = 0.002
  private static let fingerPatience = 0.25
  /// Several times as long as the whole stroke takes (s).
  private static let longestFingerMotion = 1.0
  /// Ticks after opening, in which what was held falls.
  private static let ticksAfterOpening = 10

  /// How far each finger is open (m).
  package func fingerPositions(in world: World) -> [Double] {
    fingers.map { world.position(of: $0.joint) }
  }

  /// Whether both fingers are more than nine tenths open.
  package func isGripperOpen(in world: World) -> Bool {
    fingerPositions(in: world).allSatisfy { $0 > 0.9 * PandaArm.fingerStroke }
  }

  /// Opens or closes the gripper; nothing happens, and no time passes, when it is so already.
  ///
  /// - Parameter onTick: Called after every control tick.
  /// - Returns: `divergedSimulation`, or `nil`.
  /// - Throws: What `onTick` throws, and errors of the engine.
  package func setGripper(
    open: Bool, in world: World, onTick: (World) throws -> Void = { _ in }
  ) throws -> ExecutionFailure? {
    guard open != isGripperOpen(in: world) else { return nil }
    if open {
      for body in world.attachedBodies { try world.detach(body) }
    } else {
      for body in bodiesBetweenFingers(in: world) { try world.attach(body) }
    }
    let goal = open ? PandaArm.fingerStroke : 0
    if let failure = try moveFingers(to: goal, in: world, onTick: onTick) { return failure }
    guard open else { return nil }
    return try wait(ticks: PandaArm.ticksAfterOpening, in: world, onTick: onTick)
  }

  /// The graspable bodies that touch the volume between the finger tips.
  package func bodiesBetweenFingers(in world: World) -> [Body] {
    graspable.filter { body in
      model.geoms(within: body).contains { geom in
        model.collides(geom) && world.touches(geom, graspVolume)
      }
    }
  }

  private func moveFingers(
    to goal: Double, in world: World, onTick: (World) throws -> Void
  ) throws -> ExecutionFailure? {
    let starts = fingerPositions(in: world)
    let way = starts.map { abs(goal - $0) }.max() ?? 0
    // Fingers of a state out of a file may be anywhere.
    let duration = min(way / PandaArm.fingerSpeed, PandaArm.longestFingerMotion)
    var time = 0.0
    repeat {
      let failure = try runTick(in: world, onTick: onTick) {
        time += model.timestep
        let way = PandaArm.fingerSpeed * time
        for (finger, start) in zip(fingers, starts) {
          let next = goal > start ? min(goal, start + way) : max(goal, start - way)
          world.setControl(finger.actuator, to: next)
        }
      }
      if let failure { return failure }
    } while time < duration
      || !areFingersAtRest(in: world)
        && time < duration + PandaArm.fingerPatience
    return nil
  }

  private func areFingersAtRest(in world: World) -> Bool {
    fingers.allSatisfy { abs(world.velocity(of: $0.joint)) < PandaArm.fingerRest }
  }
}
