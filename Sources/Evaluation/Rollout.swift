package import Manipulation
package import Outcomes

/// Lets policies act in simulated worlds of a task, which show them what they lead to.
///
/// An episode ends after the action in which the task was solved, when an action cannot be carried
/// out, or when the budget is used up. As many worlds are open at a time as the plan's batch, each
/// in a thread of its own.
package final class Rollout: EvaluatedTask {
  fileprivate let keepers: [any RolloutKeeper]
  private let task: String
  private let plan: EvaluationPlan
  private let variationCount: Int
  private let rules: RolloutRules
  private let makeEnvironment: @Sendable () throws -> any Environment
  /// By place; those that were not needed yet are not there.
  private var seats: [Int: SeatThread] = [:]

  /// - Parameters:
  ///   - plan: Its `episodes` must be set.
  ///   - keepers: Told of every episode before it is written down, and of the end of the task.
  ///   - environment: Makes a world, in the thread that it stays in; called here at once as well, to
  ///     know its variations and budget.
  /// - Throws: What `environment` throws.
  package init(
    plan: EvaluationPlan, keepers: [any RolloutKeeper] = [],
    environment: @escaping @Sendable () throws -> any Environment
  ) throws {
    let first = try environment()
    task = first.task
    variationCount = first.variationCount
    rules = RolloutRules(
      budget: plan.budget ?? first.actionBudget, execute: plan.execute,
      keepsFrames: !keepers.isEmpty)
    makeEnvironment = environment
    self.plan = plan
    self.keepers = keepers
  }

  package var description: TaskDescription {
    TaskDescription(name: task, episodes: plan.episodes ?? 0, budget: rules.budget)
  }

  package var source: String { task }

  /// Long groups keep the places filled, as not all episodes end at once; where pictures are kept
  /// they wait in memory, so that groups are short.
  package func groupSize(batch: Int) -> Int {
    batch == 1 || rules.keepsFrames ? batch : 4 * batch
  }

  package func episodeName(at index: Int) -> String { identity(at: index).name }

  package func open(_ index: Int) -> any OpenEpisode {
    RolledOutEpisode(rollout: self, identity: identity(at: index), runSeed: plan.seed)
  }

  package func close() throws {
    seats = [:]
    for keeper in keepers { try keeper.finish(task: task) }
  }

  fileprivate func seat(at place: Int) throws -> SeatThread {
    if let seat = seats[place] { return seat }
    let seat = try SeatThread { [makeEnvironment, rules] in
      WorldSeat(try makeEnvironment(), rules: rules)
    }
    seats[place] = seat
    return seat
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
  let runSeed: UInt64

  func begin(_ method: EvaluatedMethod, at place: Int) throws -> any EpisodeAttempt {
    RolloutAttempt(method, episode: self, seat: try rollout.seat(at: place))
  }
}

/// One method's way through an episode in the world at its seat.
private final class RolloutAttempt: EpisodeAttempt {
  private let method: String
  private let episode: RolledOutEpisode
  private let seat: SeatThread
  private let seed: UInt64
  private var awaited: Awaited
  private var queries: [QueryOutcome] = []
  /// What the last question showed.
  private var shown = Observation()

  init(_ method: EvaluatedMethod, episode: RolledOutEpisode, seat: SeatThread) {
    (self.method, self.episode, self.seat) = (method.name, episode, seat)
    seed = episode.identity.seed(runSeed: episode.runSeed)
    let beginning = EpisodeBeginning(
      seed: seed, variation: episode.identity.variation,
      wantsAdvice: method.policy.wantsAdvice)
    awaited = seat.send { try $0.begin(beginning) }
  }

  func questions() throws -> [PolicyQuery] {
    guard case .question(let query) = try awaited.value() else { return [] }
    shown = query.observation
    return [query]
  }

  func take(_ answers: [Prediction]) {
    for prediction in answers {
      queries.append(QueryOutcome(prediction, to: shown, step: queries.count))
      let chunk = prediction.chunk
      awaited = seat.send { try $0.carryOut(chunk) }
    }
  }

  func finish() throws -> FinishedEpisode {
    guard case .end(let end) = try awaited.value() else {
      preconditionFailure("'\(episode.identity.name)' still asks questions")
    }
    let outcome = EpisodeOutcome(
      rolledOut: episode.identity, method: method, instruction: end.instruction, seed: seed,
      queries: queries, successOnce: end.successOnce, successAtEnd: end.successAtEnd,
      failure: end.failure, actions: end.actions, simulatedSeconds: end.simulatedSeconds)
    return FinishedEpisode(outcome: outcome) { [keepers = episode.rollout.keepers] in
      guard !keepers.isEmpty else { return }
      let recording = RolloutRecording(outcome: outcome, frames: end.frames)
      for keeper in keepers { try keeper.keep(recording) }
    }
  }
}

extension QueryOutcome {
  /// What a policy answered in a closed loop.
  fileprivate init(_ prediction: Prediction, to shown: Observation, step: Int) {
    let action = prediction.chunk.actions.first
    self.init(
      step: step, gripperOpen: shown.showsOpenGripper, predictedAction: action?.recordable ?? [],
      failure: action?.isFinite == true ? nil : .invalidAction, layers: prediction.mask,
      exitDifferences: prediction.recordableDifferences, experts: prediction.expertTokens,
      compute: prediction.compute, timing: QueryTiming(of: prediction),
      digests: QueryDigests(of: shown, answer: prediction.chunk))
  }
}
