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
    OfflineClosedLoop(
      schemaVersion: OfflineClosedLoop.currentSchema,
      suite: pair.rollout.manifest.plan.suite, conventions: PairTally.conventions,
      confidence: RunSummary.confidence, draws: draws, cells: cells,
      agreements: agreements(draws: draws))
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

  /// Task by task, and then over all tasks, one for each measure that some cell has.
  private func agreements(draws: Int) -> [OfflineAgreement] {
    let groups = groups
    let scopes = scopes
    let samples = PairTally.samples(scopes, of: groups.map(EpisodeScore.init(sumOf:)))
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(0, ["offline_vs_closed_loop"]))
    let intervals = Bootstrap.intervals(
      groupSizes: groups.map(\.count), draws: draws, confidence: RunSummary.confidence,
      using: &generator
    ) { places in
      let totals = zip(groups, places).map { EpisodeScore(sumOf: $0, at: $1) }
      return PairTally.samples(scopes, of: totals).flatMap(\.agreementNumbers)
    }
    return samples.enumerated().compactMap { index, sample in
      let numbers = sample.agreementNumbers.count
      return OfflineAgreement(
        task: scopes[index].task, measure: scopes[index].measure, sample: sample,
        intervals: Array(intervals[index * numbers..<(index + 1) * numbers]))
    }
  }

  /// The episodes of each cell in two groups: first those replayed, then those rolled out.
  private var groups: [[EpisodeScore]] {
    pair.tasks.flatMap { task in
      pair.methods.flatMap { method in
        [EvaluationMode.replay, .rollout].map {
          scores[$0]?[Cell(task: task, method: method)] ?? []
        }
      }
    }
  }

  /// The cells and the number whose agreement is asked.
  private struct Scope {
    /// Absent for all tasks.
    var task: String?
    var measure: OfflineMeasure
    var cells: Range<Int>
  }

  private var scopes: [Scope] {
    let width = pair.methods.count
    let byTask = pair.tasks.enumerated().flatMap { index, task in
      OfflineMeasure.allCases.map {
        Scope(task: task, measure: $0, cells: index * width..<(index + 1) * width)
      }
    }
    return byTask
      + OfflineMeasure.allCases.map {
        Scope(task: nil, measure: $0, cells: 0..<pair.tasks.count * width)
      }
  }

  /// For each scope the cells that have both numbers, from the totals of the cells' groups.
  private static func samples(_ scopes: [Scope], of totals: [EpisodeScore]) -> [PairedSample] {
    scopes.map { scope in
      var (proxies, successes): ([Double], [Double]) = ([], [])
      for cell in scope.cells {
        guard let proxy = totals[2 * cell].proxy(scope.measure),
          let success = totals[2 * cell + 1].success
        else { continue }
        proxies.append(proxy)
        successes.append(success)
      }
      return PairedSample(proxy: proxies, truth: successes)
    }
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
