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

  /// Recordings are held in memory; an episode has a question at least, so that these fill a batch.
  package func groupSize(batch: Int) -> Int { batch }

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

  var identity: EpisodeIdentity { episode.identity }

  func begin(_ method: EvaluatedMethod, at place: Int) -> any EpisodeAttempt {
    ReplayAttempt(method, episode: self)
  }
}

/// One method's way through the key frames of a recorded episode.
private final class ReplayAttempt: EpisodeAttempt {
  private let method: String
  private let wantsAdvice: Bool
  private let replayed: ReplayedEpisode
  private let seed: UInt64
  private var queries: [QueryOutcome] = []
  private var answers: [Action?] = []

  init(_ method: EvaluatedMethod, episode: ReplayedEpisode) {
    self.method = method.name
    wantsAdvice = method.policy.wantsAdvice
    replayed = episode
    seed = episode.identity.seed(runSeed: episode.plan.seed)
  }

  /// Those of all key frames up to one that demonstrates nothing.
  func questions() throws -> [PolicyQuery] {
    let keyframes = replayed.episode.keyframes
    let rest = keyframes.indices.dropFirst(queries.count)
    if let first = rest.first, !keyframes[first].action.isFinite {
      throw EvaluationError.invalidDemonstration(
        episode: replayed.identity.name, task: replayed.identity.task,
        frame: keyframes[first].frameIndex)
    }
    return rest.prefix { keyframes[$0].action.isFinite }.map(query(atStep:))
  }

  func take(_ answers: [Prediction]) {
    for prediction in answers {
      let step = queries.count
      self.answers.append(prediction.chunk.actions.first)
      queries.append(
        QueryOutcome(
          prediction, at: replayed.episode.keyframes[step], step: step,
          tolerances: replayed.plan))
    }
  }

  func finish() throws -> FinishedEpisode {
    FinishedEpisode(
      outcome: EpisodeOutcome(
        replayed: replayed.identity, method: method, instruction: replayed.episode.instruction,
        seed: seed, queries: queries, openLoop: try replayed.openLoop?.outcome(of: answers)))
  }

  private func query(atStep step: Int) -> PolicyQuery {
    let keyframe = replayed.episode.keyframes[step]
    var query = PolicyQuery(keyframe, of: replayed.episode, step: step, episodeSeed: seed)
    if wantsAdvice { query.advice = keyframe.action }
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
      frameIndex: keyframe.frameIndex, step: step,
      gripperOpen: keyframe.observation.showsOpenGripper,
      predictedAction: action?.recordable ?? [],
      demonstratedAction: keyframe.action.recordable,
      positionError: comparison?.positionError, rotationError: comparison?.rotationError,
      gripperAgreement: comparison?.gripperAgreement ?? false,
      keyframeMatch: comparison?.matches(within: tolerances) ?? false,
      failure: comparison == nil ? .invalidAction : nil, layers: prediction.mask,
      exitDifferences: prediction.recordableDifferences, experts: prediction.expertTokens,
      compute: prediction.compute, timing: QueryTiming(of: prediction),
      digests: QueryDigests(of: keyframe.observation, answer: prediction.chunk))
  }
}
