import Manipulation
package import Outcomes

/// Asks policies at each key frame of recorded episodes and writes down how close they came.
///
/// The policy knows nothing of the demonstrated action; nothing is executed. For one plan and
/// the same files the journal is the same, timings aside, however often the run is interrupted.
package struct Replay {
  private let plan: EvaluationPlan
  private let methods: [EvaluatedMethod]
  private let sources: [any EpisodeSource]
  private let schedule: EpisodeSchedule

  /// Lays out a run.
  ///
  /// - Throws: `EvaluationError` when a method or a task is there twice, or nothing is to do.
  package init(
    plan: EvaluationPlan, methods: [EvaluatedMethod], sources: [any EpisodeSource]
  ) throws {
    self.plan = plan
    self.methods = methods
    self.sources = sources
    schedule = EpisodeSchedule(
      methodCount: methods.count, episodeCounts: sources.map(\.episodeCount), shard: plan.shard)
    try checkNames()
    guard !schedule.entries.isEmpty else {
      throw EvaluationError.nothingToEvaluate(
        files: sources.map(\.name), split: plan.split.rawValue)
    }
  }

  /// What `run.json` says of the methods.
  package var methodDescriptions: [MethodDescription] {
    methods.map {
      MethodDescription(
        name: $0.name, layerCount: $0.policy.layerCount, parameters: $0.parameters,
        warmupQueries: plan.warmup)
    }
  }

  /// What `run.json` says of the tasks: all shards together.
  package var taskDescriptions: [TaskDescription] {
    sources.map { TaskDescription(name: $0.task, episodes: $0.episodeCount) }
  }

  /// The lines of the journal of a complete run, or of this shard.
  package var lineCount: Int { schedule.entries.count }

  /// Evaluates what the journal does not hold yet.
  ///
  /// - Parameters:
  ///   - journal: Holds a beginning of this run, or nothing.
  ///   - shouldStop: Asked after each line; a run that stops can be resumed.
  ///   - report: Told of each line.
  /// - Returns: Whether every line is written.
  /// - Throws: What a source, a policy or the journal throws. The journal stays resumable.
  package func run(
    appendingTo journal: borrowing Journal, shouldStop: () -> Bool = { false },
    report: (ReplayProgress) -> Void = { _ in }
  ) throws -> RunStatus {
    try check(journal.outcomes, path: journal.path)
    var warmMethod: Int?
    for position in journal.outcomes.count..<max(journal.outcomes.count, lineCount) {
      guard !shouldStop() else { return .running }
      let entry = schedule.entries[position]
      let episode = try sources[entry.source].episode(at: entry.episode)
      let method = methods[entry.method]
      if warmMethod != entry.method {
        try warmUp(method, with: episode)
        warmMethod = entry.method
      }
      try journal.append(outcome(of: method, in: episode))
      report(
        ReplayProgress(
          completed: position + 1, resumedAt: journal.outcomes.count, total: lineCount,
          method: method.name, task: sources[entry.source].task))
    }
    return .complete
  }

  private func outcome(of method: EvaluatedMethod, in episode: Episode) throws -> EpisodeOutcome {
    let seed = episode.identity.seed(runSeed: plan.seed)
    var queries: [QueryOutcome] = []
    for (step, keyframe) in episode.keyframes.enumerated() {
      guard keyframe.action.isFinite else {
        throw EvaluationError.invalidDemonstration(
          episode: episode.identity.name, task: episode.identity.task,
          frame: keyframe.frameIndex)
      }
      let query = PolicyQuery(keyframe, of: episode, step: step, episodeSeed: seed)
      let prediction = try method.policy.predict(query)
      try check(prediction, of: method, in: episode, step: step)
      queries.append(
        QueryOutcome(prediction, at: keyframe, step: step, tolerances: plan))
    }
    return EpisodeOutcome(
      replayed: episode.identity, method: method.name, instruction: episode.instruction,
      seed: seed, queries: queries)
  }

  /// Asks a few questions whose answers and times nobody keeps: the first query pays for memory
  /// and threads that the later ones find ready.
  private func warmUp(_ method: EvaluatedMethod, with episode: Episode) throws {
    guard !episode.keyframes.isEmpty else { return }
    let seed = episode.identity.seed(runSeed: plan.seed)
    for count in 0..<plan.warmup {
      let step = count % episode.keyframes.count
      _ = try method.policy.predict(
        PolicyQuery(episode.keyframes[step], of: episode, step: step, episodeSeed: seed))
    }
  }
}

/// How far a run has come.
package struct ReplayProgress: Equatable, Sendable {
  /// Lines in the journal.
  package var completed: Int
  /// Lines that were there when this process took up the run.
  package var resumedAt: Int
  package var total: Int
  package var method: String
  package var task: String

  package init(completed: Int, resumedAt: Int, total: Int, method: String, task: String) {
    self.completed = completed
    self.resumedAt = resumedAt
    self.total = total
    self.method = method
    self.task = task
  }
}

extension Replay {
  private func checkNames() throws {
    var files: [String: String] = [:]
    for source in sources {
      if let other = files.updateValue(source.name, forKey: source.task) {
        throw EvaluationError.duplicateTask(source.task, files: [other, source.name])
      }
    }
    var names: Set<String> = []
    for method in methods where !names.insert(method.name).inserted {
      throw EvaluationError.duplicateMethod(method.name)
    }
  }

  /// The journal must be a beginning of this very run.
  private func check(_ outcomes: [JournaledEpisode], path: String) throws {
    guard outcomes.count <= lineCount else {
      throw EvaluationError.damagedJournal(
        path: path, line: lineCount + 1, problem: "the plan has only \(lineCount) episodes")
    }
    for (index, found) in outcomes.enumerated() {
      let entry = schedule.entries[index]
      let (method, source) = (methods[entry.method].name, sources[entry.source])
      let name = try source.episodeName(at: entry.episode)
      guard found.method == method, found.episode.task == source.task,
        found.episode.name == name, found.seed == found.episode.seed(runSeed: plan.seed)
      else {
        throw EvaluationError.damagedJournal(
          path: path, line: index + 1,
          problem: "expected '\(method)' on '\(name)' of '\(source.task)' with the plan's seed,"
            + " but it holds '\(found.method)' on '\(found.episode.name)' of"
            + " '\(found.episode.task)'")
      }
    }
  }

  private func check(
    _ prediction: Prediction, of method: EvaluatedMethod, in episode: Episode, step: Int
  ) throws {
    func unusable(_ problem: String) -> EvaluationError {
      .unusableAnswer(
        method: method.name, episode: episode.identity.name, step: step, problem: problem)
    }
    let mask = prediction.mask
    guard mask.layerCount == method.policy.layerCount else {
      throw unusable("a mask of \(mask.layerCount) layers out of \(method.policy.layerCount)")
    }
    guard mask.shares.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw unusable("a layer share outside [0, 1]")
    }
    guard prediction.totalSeconds.isFinite, prediction.seconds.values.allSatisfy(\.isFinite)
    else { throw unusable("a time that is not finite") }
  }
}

extension PolicyQuery {
  /// The question at one key frame; its seed depends on the episode and the step, not on the
  /// method, so that all methods draw the same noise.
  init(_ keyframe: Keyframe, of episode: Episode, step: Int, episodeSeed: UInt64) {
    self.init(
      observation: keyframe.observation, instruction: episode.instruction, step: step,
      seed: SeededGenerator.derive(episodeSeed, ["query", String(step)]))
  }
}

extension QueryOutcome {
  /// What an answer was worth; one without a finite first action is a failure of its own kind.
  init(_ prediction: Prediction, at keyframe: Keyframe, step: Int, tolerances: EvaluationPlan) {
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
