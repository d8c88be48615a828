package import Manipulation
package import Outcomes

/// Lets policies act in the simulated world of a task, which shows them what they lead to.
///
/// An episode ends after the action in which the task was solved, when an action cannot be carried
/// out, or when the budget is used up.
package final class Rollout: EvaluatedTask {
  fileprivate let task: String
  fileprivate let plan: EvaluationPlan
  fileprivate let budget: Int
  fileprivate let world: TaskWorld
  fileprivate let keepers: [any RolloutKeeper]
  private let variationCount: Int

  /// - Parameters:
  ///   - plan: Its `episodes` must be set.
  ///   - keepers: Told of every episode before it is written down, and of the end of the task.
  ///   - environment: Makes the world; called at once, to know its variations and budget.
  /// - Throws: What `environment` throws.
  package init(
    plan: EvaluationPlan, keepers: [any RolloutKeeper] = [],
    environment: @escaping () throws -> any Environment
  ) throws {
    let first = try environment()
    task = first.task
    budget = plan.budget ?? first.actionBudget
    variationCount = first.variationCount
    world = TaskWorld(make: environment)
    self.plan = plan
    self.keepers = keepers
  }

  package var description: TaskDescription {
    TaskDescription(name: task, episodes: plan.episodes ?? 0, budget: budget)
  }

  package var source: String { task }

  package func episodeName(at index: Int) -> String { identity(at: index).name }

  package func open(_ index: Int) -> any OpenEpisode {
    RolledOutEpisode(rollout: self, identity: identity(at: index))
  }

  package func close() throws {
    world.leave()
    for keeper in keepers { try keeper.finish(task: task) }
  }

  /// Variations come in turn; the name tells the seed, from which the start follows.
  private func identity(at index: Int) -> EpisodeIdentity {
    var identity = EpisodeIdentity(
      suite: plan.suite, task: task, variation: index % max(1, variationCount), name: "",
      index: index)
    identity.name = "seed_\(identity.seed(runSeed: plan.seed))"
    return identity
  }
}

/// An episode of a rollout, which every method starts anew.
private struct RolledOutEpisode: OpenEpisode {
  let rollout: Rollout
  let identity: EpisodeIdentity

  private var seed: UInt64 { identity.seed(runSeed: rollout.plan.seed) }

  func warmUpQueries(for method: EvaluatedMethod) throws -> [PolicyQuery] {
    let environment = try rollout.world.enter()
    let start = try environment.start(seed: seed, variation: identity.variation)
    return [
      try query(
        method, in: environment, instruction: start.instruction, seeing: start.observation,
        step: 0)
    ]
  }

  func outcome(of method: EvaluatedMethod) throws -> EpisodeOutcome {
    let environment = try rollout.world.enter()
    let start = try environment.start(seed: seed, variation: identity.variation)
    var attempt = TaskAttempt(in: environment, from: start)
    var frames: [RolloutFrame] = []
    var queries: [QueryOutcome] = []
    while !attempt.isOver, attempt.actionCount < rollout.budget {
      let question = try query(
        method, in: environment, instruction: start.instruction, seeing: attempt.observation,
        step: queries.count)
      let prediction = try method.answer(question, in: identity)
      queries.append(QueryOutcome(prediction, step: question.step))
      try carryOut(prediction.chunk, by: &attempt, in: environment, keeping: &frames)
    }
    let outcome = EpisodeOutcome(
      rolledOut: identity, method: method.name, instruction: start.instruction, seed: seed,
      queries: queries, successOnce: attempt.successOnce, successAtEnd: attempt.successAtEnd,
      failure: attempt.failure, actions: attempt.actionCount,
      simulatedSeconds: attempt.simulatedSeconds)
    if !rollout.keepers.isEmpty {
      frames.append(RolloutFrame(attempt.observation, in: environment))
      let recording = RolloutRecording(outcome: outcome, frames: frames)
      for keeper in rollout.keepers { try keeper.keep(recording) }
    }
    return outcome
  }

  /// Carries out the first actions of an answer, as many as the plan says.
  private func carryOut(
    _ chunk: ActionChunk, by attempt: inout TaskAttempt, in environment: any Environment,
    keeping frames: inout [RolloutFrame]
  ) throws {
    let first: [Action?] = chunk.actions.isEmpty ? [nil] : Array(chunk.actions)
    for action in first.prefix(rollout.plan.execute)
    where !attempt.isOver && attempt.actionCount < rollout.budget {
      var frame =
        rollout.keepers.isEmpty ? nil : RolloutFrame(attempt.observation, in: environment)
      guard let carriedOut = try attempt.carryOut(action) else { continue }
      frame?.action = carriedOut
      if let frame { frames.append(frame) }
    }
  }

  private func query(
    _ method: EvaluatedMethod, in environment: any Environment, instruction: String,
    seeing observation: Observation, step: Int
  ) throws -> PolicyQuery {
    PolicyQuery(
      observation: observation, instruction: instruction, step: step,
      seed: PolicyQuery.seed(ofStep: step, episodeSeed: seed),
      advice: method.policy.wantsAdvice ? try environment.expertAction() : nil)
  }
}

extension QueryOutcome {
  /// What a policy answered in a closed loop.
  fileprivate init(_ prediction: Prediction, step: Int) {
    let action = prediction.chunk.actions.first
    self.init(
      step: step, predictedAction: action?.recordable ?? [],
      failure: action?.isFinite == true ? nil : .invalidAction, layers: prediction.mask,
      compute: prediction.compute,
      timing: QueryTiming(seconds: prediction.seconds, totalSeconds: prediction.totalSeconds))
  }
}
