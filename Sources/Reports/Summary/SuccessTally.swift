internal import Outcomes
internal import Statistics

/// Collects what a simulator said of episodes.
struct SuccessTally {
  private let confidence: Double
  private var episodes = 0
  private var solved = 0
  private var solvedAtEnd = 0
  private var failures: [String: Int] = [:]
  private var actions: [Double] = []
  private var seconds: [Double] = []

  init(confidence: Double) {
    self.confidence = confidence
  }

  /// Adds a closed loop; an outcome of a replay is none.
  mutating func add(closedLoop outcome: EpisodeOutcome) {
    guard let once = outcome.successOnce, let atEnd = outcome.successAtEnd,
      let actions = outcome.actions
    else { return }
    add(once: once, atEnd: atEnd, failure: outcome.failure, actions: actions)
    if let time = outcome.simulatedSeconds { seconds.append(time) }
  }

  mutating func add(openLoop outcome: OpenLoopOutcome) {
    add(
      once: outcome.successOnce, atEnd: outcome.successAtEnd, failure: outcome.failure,
      actions: outcome.actions)
  }

  private mutating func add(once: Bool, atEnd: Bool, failure: OutcomeFailure?, actions: Int) {
    episodes += 1
    solved += once ? 1 : 0
    solvedAtEnd += atEnd ? 1 : 0
    if let failure, !once { failures[failure.rawValue, default: 0] += 1 }
    self.actions.append(Double(actions))
  }

  /// `nil` without episodes.
  var summary: SuccessSummary? {
    guard let once = proportion(of: solved), let atEnd = proportion(of: solvedAtEnd),
      let meanActions = Sample(actions).mean
    else { return nil }
    let failed = failures.values.reduce(0, +)
    return SuccessSummary(
      episodes: episodes, successOnce: once, successAtEnd: atEnd, solved: solved,
      failures: failures, outOfActions: episodes - solved - failed, actions: meanActions,
      simulatedSeconds: Sample(seconds).mean)
  }

  private func proportion(of count: Int) -> Proportion? {
    Proportion(wilson: count, of: episodes, confidence: confidence)
  }
}

extension Proportion {
  /// `nil` when there are no trials.
  init?(wilson successes: Int, of trials: Int, confidence: Double) {
    guard
      let interval = ProportionInterval.wilson(
        successes: successes, trials: trials, confidence: confidence)
    else { return nil }
    self.init(rate: interval.estimate, lower: interval.lower, upper: interval.upper)
  }
}

extension SuccessSummary {
  /// The unweighted mean of tasks; counts are sums, and there is no interval. `nil` for no task.
  init?(meanOf tasks: [SuccessSummary]) {
    guard let once = Sample(tasks.map(\.successOnce.rate)).mean,
      let atEnd = Sample(tasks.map(\.successAtEnd.rate)).mean,
      let actions = Sample(tasks.map(\.actions)).mean
    else { return nil }
    func sum(_ count: (SuccessSummary) -> Int) -> Int { tasks.reduce(0) { $0 + count($1) } }
    self.init(
      episodes: sum(\.episodes), successOnce: Proportion(rate: once),
      successAtEnd: Proportion(rate: atEnd), solved: sum(\.solved),
      failures: tasks.reduce(into: [:]) { $0.merge($1.failures, uniquingKeysWith: +) },
      outOfActions: sum(\.outOfActions), actions: actions,
      simulatedSeconds: Sample(tasks.compactMap(\.simulatedSeconds)).mean)
  }
}
