internal import Manipulation
package import Outcomes
internal import Statistics

/// Collects what a replay and a rollout say of the methods and tasks that they share.
package struct PairTally {
  private let pair: RunPair
  private var scores: [EvaluationMode: [Cell: [EpisodeScore]]] = [:]
  private var summaries: [EvaluationMode: RunSummary] = [:]

  private struct Cell: Hashable {
    var task: String
    var method: String
  }

  package init(_ pair: RunPair) {
    self.pair = pair
  }

  /// Adds an episode of either run.
  package mutating func add(_ outcome: EpisodeOutcome) {
    let cell = Cell(task: outcome.episode.task, method: outcome.method)
    scores[outcome.mode, default: [:]][cell, default: []].append(EpisodeScore(outcome))
  }

  /// Adds the summary of either run.
  package mutating func add(_ summary: RunSummary) {
    summaries[summary.mode] = summary
  }

  /// What the two runs say together.
  ///
  /// The intervals depend on the journals alone: their draws have a fixed seed.
  package func compared(draws: Int = 1000) -> OfflineClosedLoop {
    let byTask = pair.tasks.flatMap { agreements(task: $0, tasks: [$0], draws: draws) }
    return OfflineClosedLoop(
      schemaVersion: OfflineClosedLoop.currentSchema,
      suite: pair.rollout.manifest.plan.suite, conventions: PairTally.conventions,
      confidence: RunSummary.confidence, draws: draws, cells: cells,
      agreements: byTask + agreements(task: nil, tasks: pair.tasks, draws: draws))
  }

  private static let conventions = [
    "replayed and rolled-out episodes are different episodes; cells are paired by task and method",
    "an error counts negatively, so that +1 is agreement for every measure",
    "mean maximum rank violation: as SIMPLER defines it, in success rate, 0 at best",
    "intervals: percentile bootstrap over the episodes of each method, task and mode",
  ]

  private var cells: [OfflineClosedLoopCell] {
    pair.tasks.flatMap { task in pair.methods.map { cell(task: task, method: $0) } }
  }

  private func cell(task: String, method: String) -> OfflineClosedLoopCell {
    func group(_ mode: EvaluationMode) -> GroupSummary? {
      summaries[mode]?.methods.first { $0.name == method }?.tasks.first { $0.name == task }
    }
    let offline = group(.replay)
    return OfflineClosedLoopCell(
      task: task, method: method, replayedEpisodes: offline?.episodes ?? 0,
      positionError: offline?.positionError?.mean, rotationError: offline?.rotationError?.mean,
      keyframeMatch: offline?.keyframeMatch, openLoopSuccess: offline?.openLoop?.successOnce,
      closedLoop: group(.rollout)?.closedLoop)
  }

  /// One for each measure that some cell has.
  private func agreements(task: String?, tasks: [String], draws: Int) -> [OfflineAgreement] {
    // Two groups a cell: first its replayed episodes, then those rolled out.
    let groups = tasks.flatMap { task in
      pair.methods.flatMap { method in
        [EvaluationMode.replay, .rollout].map {
          scores[$0]?[Cell(task: task, method: method)] ?? []
        }
      }
    }
    let samples = OfflineMeasure.allCases.map { PairTally.sample($0, of: groups) }
    let seed = SeededGenerator.derive(0, ["offline_vs_closed_loop", task ?? ""])
    var generator = SeededGenerator(seed: seed)
    let intervals = Bootstrap.intervals(
      groups: groups, draws: draws, confidence: RunSummary.confidence, using: &generator
    ) { drawn in
      OfflineMeasure.allCases.flatMap { PairTally.sample($0, of: drawn).agreementNumbers }
    }
    return zip(OfflineMeasure.allCases, samples).enumerated().compactMap { index, found in
      let width = found.1.agreementNumbers.count
      return OfflineAgreement(
        task: task, measure: found.0, sample: found.1,
        intervals: Array(intervals[index * width..<(index + 1) * width]))
    }
  }

  /// The cells that have both numbers.
  private static func sample(
    _ measure: OfflineMeasure, of groups: [[EpisodeScore]]
  ) -> PairedSample {
    var (proxies, successes): ([Double], [Double]) = ([], [])
    for cell in 0..<groups.count / 2 {
      guard let proxy = EpisodeScore(sumOf: groups[2 * cell]).proxy(measure),
        let success = EpisodeScore(sumOf: groups[2 * cell + 1]).success
      else { continue }
      proxies.append(proxy)
      successes.append(success)
    }
    return PairedSample(proxy: proxies, truth: successes)
  }
}

extension PairedSample {
  /// Kendall's τ-b, Pearson's and Spearman's correlation, and the rank violation; none where there
  /// are too few cells.
  fileprivate var agreementNumbers: [Double?] {
    guard count >= OfflineClosedLoop.leastCells else { return [nil, nil, nil, nil] }
    return [kendall, pearson, spearman, meanMaximumRankViolation]
  }
}

extension OfflineAgreement {
  /// - Parameter intervals: In the order of `agreementNumbers`.
  /// - Returns: `nil` when no cell has both numbers.
  fileprivate init?(
    task: String?, measure: OfflineMeasure, sample: PairedSample,
    intervals: [BootstrapInterval?]
  ) {
    guard sample.count > 0 else { return nil }
    let estimates = zip(sample.agreementNumbers, intervals).map { value, interval in
      value.map { Estimate(value: $0, lower: interval?.lower, upper: interval?.upper) }
    }
    self.init(
      task: task, measure: measure, cells: sample.count, kendall: estimates[0],
      pearson: estimates[1], spearman: estimates[2], meanMaximumRankViolation: estimates[3])
  }
}
