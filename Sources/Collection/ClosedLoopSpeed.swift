package import Manipulation

/// How fast episodes run when deciding what to do costs nothing: the scripted expert acts.
package struct ClosedLoopSpeed: Equatable, Sendable {
  package var episodes = 0
  /// Episodes that ended solved.
  package var solved = 0
  /// Seconds of the episodes together, whichever thread they ran in.
  package var seconds = 0.0
  /// Threads that ran at once.
  package var workers: Int

  package var episodesPerHour: Double {
    seconds > 0 ? 3600 * Double(episodes) * Double(workers) / seconds : 0
  }

  /// Runs episodes at once and times them; making the worlds is not counted.
  ///
  /// - Parameters:
  ///   - episodes: How many; at least 1.
  ///   - workers: Environments that run at once.
  ///   - makeEnvironment: Called once a worker, in its thread.
  /// - Throws: What an environment throws.
  package init(
    episodes total: Int, workers: Int,
    makeEnvironment: @escaping @Sendable () throws -> any Environment
  ) throws {
    self.workers = max(1, min(workers, total))
    try OrderedWorkers(count: self.workers).run(total) {
      let environment = try makeEnvironment()
      // The first picture waits for the graphics driver.
      _ = try environment.start(seed: 0, variation: 0)
      return { index in try ClosedLoopSpeed.run(index, in: environment) }
    } consume: { (result: (seconds: Double, isSolved: Bool)) in
      episodes += 1
      solved += result.isSolved ? 1 : 0
      seconds += result.seconds
      return true
    }
  }

  private static func run(
    _ index: Int, in environment: any Environment
  ) throws -> (seconds: Double, isSolved: Bool) {
    let variation = index % max(1, environment.variationCount)
    let seed = SeededGenerator.derive(0, ["speed", environment.task, String(index)])
    let begin = ContinuousClock.now
    _ = try environment.start(seed: seed, variation: variation)
    var isSolved = false
    try environment.letExpertAct { isSolved = $1.isSolved }
    return (begin.duration(to: .now) / .seconds(1), isSolved)
  }
}
