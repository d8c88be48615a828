package import Manipulation
internal import Physics

extension TaskEnvironment {
  /// Carries out one action: the arm goes to the pose that it asks for from where the tip is now,
  /// then the gripper opens or closes.
  ///
  /// What makes the action impossible is an outcome, not an error.
  package func execute(_ action: Action) throws -> ActionOutcome {
    let episode = try running()
    let begin = episode.world.time
    let asked = episode.expert.action(in: episode.world)
    var succeeded = false
    let failure = try carryOut(action, in: episode) {
      succeeded = succeeded || episode.isSolved
      try self.note()
    }
    if let asked, ScriptedExpert.isFollowed(by: action, asked: asked) { advanceExpert() }
    let isSolved = failure != .divergedSimulation && episode.isSolved
    return ActionOutcome(
      observation: try observation(), succeeded: succeeded || isSolved, isSolved: isSolved,
      failure: failure, duration: episode.world.time - begin)
  }

  private func carryOut(
    _ action: Action, in episode: RunningEpisode, onTick: () throws -> Void
  ) throws -> ExecutionFailure? {
    let (arm, world) = (episode.scene.parts.arm, episode.world)
    let target: Pose
    do throws(ExecutionFailure) {
      target = try Workspace.target(of: action, from: arm.tip(in: world))
    } catch {
      return error
    }
    if let failure = try arm.move(
      to: target, in: world, avoidingCollisions: episode.expert.avoidsCollisions,
      onTick: { _ in try onTick() })
    {
      return failure
    }
    return try arm.setGripper(
      open: action.opensGripper, in: world, onTick: { _ in try onTick() })
  }
}
