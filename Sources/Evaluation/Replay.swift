package import Manipulation
package import Outcomes

/// Asks policies at each key frame of recorded episodes and says how close they came.
///
/// The policy knows nothing of the demonstrated action, unless it wants advice. Where the plan asks
/// for it and the recording can be restored, its answers are carried out as well, in order and
/// without showing it what they lead to.
package final class Replay: EvaluatedTask {
  private let plan: EvaluationPlan
  private let episodes: any EpisodeSource
  private let world: TaskWorld

  /// - Parameter environment: Makes the world in which the answers are carried out; `nil` where
  ///   the task has none.
  package init(
    _ episodes: any EpisodeSource, plan: EvaluationPlan,
    environment: (() throws -> any Environment)? = nil
  ) {
    self.episodes = episodes
    self.plan = plan
    world = TaskWorld(make: plan.openLoop ? environment : nil)
  }

  package var description: TaskDescription {
    TaskDescription(name: episodes.task, episodes: episodes.episodeCount)
  }

  package var source: String { episodes.name }

  package func episodeName(at index: Int) throws -> String {
    try episodes.episodeName(at: index)
  }

  package func open(_ index: Int) throws -> any OpenEpisode {
    let start = world.exists ? try episodes.recordedStart(at: index) : nil
    return ReplayedEpisode(
      episode: try episodes.episode(at: index), plan: plan,
      openLoop: start.map { OpenLoop(start: $0, world: world) })
  }

  package func close() { world.leave() }
}

/// A recorded episode, ready to be put to policies.
private struct ReplayedEpisode: OpenEpisode {
  let episode: Episode
  let plan: EvaluationPlan
  let openLoop: OpenLoop?

  private var seed: UInt64 { episode.identity.seed(runSeed: plan.seed) }

  func warmUpQueries(for method: EvaluatedMethod) -> [PolicyQuery] {
    episode.keyframes.indices.map { query(atStep: $0, for: method) }
  }

  func outcome(of method: EvaluatedMethod) throws -> EpisodeOutcome {
    var queries: [QueryOutcome] = []
    var answers: [Action?] = []
    for (step, keyframe) in episode.keyframes.enumerated() {
      guard keyframe.action.isFinite else {
        throw EvaluationError.invalidDemonstration(
          episode: episode.identity.name, task: episode.identity.task,
          frame: keyframe.frameIndex)
      }
      let prediction = try method.answer(query(atStep: step, for: method), in: episode.identity)
      answers.append(prediction.chunk.actions.first)
      queries.append(QueryOutcome(prediction, at: keyframe, step: step, tolerances: plan))
    }
    return EpisodeOutcome(
      replayed: episode.identity, method: method.name, instruction: episode.instruction,
      seed: seed, queries: queries, openLoop: try openLoop?.outcome(of: answers))
  }

  private func query(atStep step: Int, for method: EvaluatedMethod) -> PolicyQuery {
    let keyframe = episode.keyframes[step]
    var query = PolicyQuery(keyframe, of: episode, step: step, episodeSeed: seed)
    if method.policy.wantsAdvice { query.advice = keyframe.action }
    return query
  }
}

/// Carries out answers from where a recording started.
private struct OpenLoop {
  let start: RecordedStart
  let world: TaskWorld

  func outcome(of answers: [Action?]) throws -> OpenLoopOutcome {
    let environment = try world.enter()
    var attempt = TaskAttempt(in: environment, from: try environment.restore(start))
    for answer in answers where !attempt.isOver { try attempt.carryOut(answer) }
    return OpenLoopOutcome(
      successOnce: attempt.successOnce, successAtEnd: attempt.successAtEnd,
      failure: attempt.failure, actions: attempt.actionCount)
  }
}

extension PolicyQuery {
  /// The question at one key frame.
  init(_ keyframe: Keyframe, of episode: Episode, step: Int, episodeSeed: UInt64) {
    self.init(
      observation: keyframe.observation, instruction: episode.instruction, step: step,
      seed: PolicyQuery.seed(ofStep: step, episodeSeed: episodeSeed))
  }
}

extension QueryOutcome {
  /// What an answer was worth; one without a finite first action is a failure of its own kind.
  fileprivate init(
    _ prediction: Prediction, at keyframe: Keyframe, step: Int, tolerances: EvaluationPlan
  ) {
    let action = prediction.chunk.actions.first
    let comparison = action.flatMap {
      ActionComparison(predicted: $0, demonstrated: keyframe.action)
    }
    self.init(
      frameIndex: keyframe.frameIndex, step: step, predictedAction: action?.recordable ?? [],
      demonstratedAction: keyframe.action.recordable,
      positionError: comparison?.positionError, rotationError: comparison?.rotationError,
      gripperAgreement: comparison?.gripperAgreement ?? false,
      keyframeMatch: comparison?.matches(within: tolerances) ?? false,
      failure: comparison == nil ? .invalidAction : nil, layers: prediction.mask,
      compute: prediction.compute,
      timing: QueryTiming(seconds: prediction.seconds, totalSeconds: prediction.totalSeconds))
  }
}
