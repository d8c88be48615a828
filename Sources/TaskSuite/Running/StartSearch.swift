internal import Manipulation
internal import Physics

/// Finds a start of an episode that can be solved.
struct StartSearch {
  let scene: TaskScene
  let variation: Int

  /// What was found.
  struct Start {
    /// The expert's choice of turns.
    var turn: Int
    /// The positions of the task's joints.
    var joints: [Joint: Double]
  }

  /// Simulated time for things to come to rest, in seconds.
  private static let settleTime = 0.5

  /// Draws starts until one can be used, and leaves `world` in it.
  ///
  /// - Throws: `noValidStart` after the rule's number of attempts; `failedWorld`.
  func find(seed: UInt64, in world: World) throws(TaskError) -> Start {
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["placement"]))
    let draw = StartDraw(scene, variation: variation)
    var reason = ""
    for _ in 0..<draw.rule.attempts {
      do {
        try draw.apply(to: world, using: &generator)
        guard try placeDistractors(in: world, seed: seed) else {
          reason = "there is no room for the distractors"
          continue
        }
        switch try examine(world) {
        case .turn(let turn): return Start(turn: turn, joints: jointPositions(in: world))
        case .impossible(let problem): reason = problem
        }
      } catch {
        let sentence = "\(error)"
        throw .failedWorld(
          task: scene.definition.name,
          problem: sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence)
      }
    }
    throw .noValidStart(
      task: scene.definition.name, seed: seed, attempts: draw.rule.attempts, reason: reason)
  }

  /// The start that a recorded state stands for.
  ///
  /// - Returns: Also when the expert could not solve it, who then takes its first choice.
  func start(at state: [Double], in world: World) throws(PhysicsError) -> Start {
    let dryRun = DryRun(plan: ExpertPlan(scene, variation: variation), world: world)
    let answer = try dryRun.reachableTurn(from: state)
    try world.restore(state)
    var start = Start(turn: 0, joints: jointPositions(in: world))
    if case .turn(let turn) = answer { start.turn = turn }
    return start
  }

  /// Checks a draw, lets it come to rest, and checks again.
  private func examine(_ world: World) throws(PhysicsError) -> DryRun.Answer {
    let check = StartCheck(scene: scene)
    if let problem = check.obstacle(in: world) { return .impossible(reason: problem) }
    let dryRun = DryRun(
      plan: ExpertPlan(scene, variation: variation), world: try World(scene.model))
    let first = try dryRun.reachableTurn(from: world.state)
    if case .impossible = first { return first }
    try world.step(Int((Self.settleTime / scene.model.timestep).rounded()))
    if let problem = check.obstacle(in: world) ?? check.stray(in: world) {
      return .impossible(reason: problem)
    }
    let conditions = scene.variations[variation].conditions
    if conditions.hold(in: world, since: jointPositions(in: world)) {
      return .impossible(reason: "the task is solved at the start")
    }
    return try dryRun.reachableTurn(from: world.state)
  }

  private func placeDistractors(in world: World, seed: UInt64) throws(PhysicsError) -> Bool {
    guard scene.parts.freeBodies.contains(where: { !scene.moves($0) }) else { return true }
    var generator = Perturbation.distractors.generator(seed: ~seed)
    let plan = ExpertPlan(scene, variation: variation)
    return try DistractorPlacement(scene: scene, plan: plan).apply(to: world, using: &generator)
  }

  private func jointPositions(in world: World) -> [Joint: Double] {
    Dictionary(
      uniqueKeysWithValues: scene.parts.taskJoints.map { ($0, world.position(of: $0)) })
  }
}
