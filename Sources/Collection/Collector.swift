package import Demonstrations
package import Manipulation

/// Which demonstrations of a task to make.
package struct CollectionPlan: Sendable {
  package var task: String
  package var episodes: Int
  /// The seed from which each episode's own is derived.
  package var seed: UInt64
  /// Whether every control step becomes a row with pictures, or key frames alone.
  package var keepsAllFrames: Bool
  /// How far the gripper misses the way points on its way at most, in metres.
  package var straying: Double

  package init(
    task: String, episodes: Int, seed: UInt64, keepsAllFrames: Bool = false, straying: Double = 0
  ) {
    self.straying = straying
    self.task = task
    self.episodes = episodes
    self.seed = seed
    self.keepsAllFrames = keepsAllFrames
  }

  /// The seed of one start. Demonstrations have seeds of their own kind: no evaluation with any run
  /// seed begins where one of them does, but by chance.
  func seed(of index: Int, attempt: Int, variation: Int) -> UInt64 {
    SeededGenerator.derive(
      seed, ["demonstration", task, String(variation), String(index), String(attempt)])
  }
}

/// How a collection went.
package struct CollectionSummary: Equatable, Sendable {
  package var demonstrations = 0
  package var frames = 0
  /// Starts at which the expert failed, by why.
  package var failures: [String: Int] = [:]

  package init() {}
}

/// Lets scripted experts act and writes down where they succeed.
package struct Collector {
  private let plan: CollectionPlan
  private let workers: Int
  private let novice: (any Policy)?
  /// Starts that are tried for one demonstration before the expert counts as broken.
  private let attempts: Int
  private let makeEnvironment: @Sendable () throws -> any Environment

  /// - Parameters:
  ///   - workers: How many environments run at once; the result does not depend on it.
  ///   - novice: A policy that carries out the first actions of each episode, of all workers at once.
  ///   - makeEnvironment: Makes a world that takes notes; called once a worker, in its thread.
  package init(
    plan: CollectionPlan, workers: Int, novice: (any Policy)? = nil,
    makeEnvironment: @escaping @Sendable () throws -> any Environment
  ) {
    self.plan = plan
    self.workers = workers
    self.novice = novice
    // Where way points are missed, or somebody else begins, experts may well fail.
    attempts = plan.straying > 0 || novice != nil ? 100 : 10
    self.makeEnvironment = makeEnvironment
  }

  /// Makes the demonstrations and appends them to a file in the order of their numbers.
  ///
  /// - Parameters:
  ///   - writer: Where they go; not finished.
  ///   - shouldStop: Asked after each demonstration.
  ///   - report: Told how many are written.
  /// - Returns: How it went; fewer demonstrations than asked for when it was stopped.
  /// - Throws: `CollectionError`; what an environment or the writer throws.
  package func collect(
    into writer: DemonstrationWriter, shouldStop: () -> Bool = { false },
    report: (Int) -> Void = { _ in }
  ) throws -> CollectionSummary {
    var summary = CollectionSummary()
    try OrderedWorkers(count: workers).run(plan.episodes) {
      let environment = try makeEnvironment()
      return { index in try demonstration(index, in: environment) }
    } consume: { result in
      try writer.append(result.demonstration)
      summary.demonstrations += 1
      summary.frames += result.demonstration.frames.count
      for reason in result.failures { summary.failures[reason, default: 0] += 1 }
      report(summary.demonstrations)
      return !shouldStop()
    }
    return summary
  }

  private struct Result: Sendable {
    var demonstration: RecordedDemonstration
    /// Why the starts before this one came to nothing.
    var failures: [String]
  }

  private func demonstration(_ index: Int, in environment: any Environment) throws -> Result {
    let variation = index % max(1, environment.variationCount)
    var failures: [String] = []
    for attempt in 0..<attempts {
      let seed = plan.seed(of: index, attempt: attempt, variation: variation)
      let episode = try ExpertEpisode(
        in: environment, seed: seed, variation: variation, straying: plan.straying,
        novice: novice)
      guard let reason = episode.shortcoming else {
        let demonstration =
          plan.keepsAllFrames
          ? episode.demonstrationOfAllFrames(seed: seed, variation: variation)
          : episode.demonstration(seed: seed, variation: variation)
        return Result(demonstration: demonstration, failures: failures)
      }
      failures.append(reason)
    }
    throw CollectionError.expertFails(
      task: plan.task, index: index, attempts: attempts, last: failures.last ?? "none")
  }
}
