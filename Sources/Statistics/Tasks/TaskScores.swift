/// The scores of one method on many tasks, a list of runs for each, and what rliable makes of them
/// (Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical Precipice", 2021).
package struct TaskScores: Equatable, Sendable {
  /// The runs of each task.
  package let tasks: [[Double]]

  package init(_ tasks: [[Double]]) { self.tasks = tasks }

  /// The mean over tasks of the mean over runs; a task without runs does not count.
  package var mean: Double? { GroupWeighting.equal.mean(tasks) }

  /// The mean of the middle half of all runs of all tasks; `nil` without runs.
  ///
  /// As scipy trims: a quarter of the runs, rounded down, goes at each end.
  package var interquartileMean: Double? {
    let sorted = tasks.joined().sorted()
    let cut = sorted.count / 4
    return Sample(sorted[cut..<max(cut, sorted.count - cut)]).mean
  }

  /// How likely a run of this method beats a run of the other on a task that is drawn at random, a
  /// tie counting half: the mean over tasks of Mann and Whitney's share.
  ///
  /// - Returns: `nil` where no task has runs of both.
  /// - Precondition: As many tasks as the other has.
  package func probabilityOfImprovement(over other: TaskScores) -> Double? {
    precondition(tasks.count == other.tasks.count, "\(tasks.count) and \(other.tasks.count) tasks")
    let shares = zip(tasks, other.tasks).compactMap(TaskScores.share)
    return Sample(shares).mean
  }

  /// The share of pairs that the first wins, ties half.
  private static func share(_ first: [Double], _ second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    // The ranks of the first's among all tell how many of the others lie below.
    let ranks = Sample(Ranks.of(first + second)[..<first.count]).sum
    let (n, m) = (Double(first.count), Double(second.count))
    return (ranks - n * (n + 1) / 2) / (n * m)
  }

  /// The percentile interval of a number, runs drawn again within each task.
  package func interval(
    of statistic: (TaskScores) -> Double?, draws: Int = 1000, confidence: Double = 0.95,
    using generator: inout some RandomNumberGenerator
  ) -> BootstrapInterval? {
    Bootstrap.intervals(
      groupSizes: tasks.map(\.count), draws: draws, confidence: confidence, using: &generator
    ) { places in [statistic(redrawn(places))] }[0]
  }

  /// The percentile interval of the probability of improvement, runs of either method drawn again
  /// within each task.
  package func improvementInterval(
    over other: TaskScores, draws: Int = 1000, confidence: Double = 0.95,
    using generator: inout some RandomNumberGenerator
  ) -> BootstrapInterval? {
    Bootstrap.intervals(
      groupSizes: (tasks + other.tasks).map(\.count), draws: draws, confidence: confidence,
      using: &generator
    ) { places in
      let split = tasks.count
      return [
        redrawn(places[..<split]).probabilityOfImprovement(over: other.redrawn(places[split...]))
      ]
    }[0]
  }

  private func redrawn(_ places: some Sequence<[Int]>) -> TaskScores {
    TaskScores(zip(places, tasks).map { drawn, runs in drawn.map { runs[$0] } })
  }
}
