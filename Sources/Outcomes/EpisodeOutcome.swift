package import Manipulation

/// What happened in one episode: one self-contained line of the journal `episodes.jsonl`.
///
/// In replay a policy is asked at each key frame of a recording; `keyframeMatchRate` says how
/// many answers came close to the demonstration. That is an offline number and never called
/// success; the fields of success are there only where a simulator judged: of the closed loop in
/// a rollout, and in `openLoop` of a replay whose answers were carried out as well.
package struct EpisodeOutcome: Codable, Equatable, Sendable {
  package var mode: EvaluationMode
  /// The name of the policy's method, such as `mole`.
  package var method: String
  package var episode: EpisodeIdentity
  package var instruction: String
  /// The episode's seed, from which the seed of each query is derived.
  package var seed: UInt64
  package var queries: [QueryOutcome]
  /// The share of the queries whose answer matches the key frame; absent without queries and in
  /// a rollout.
  package var keyframeMatchRate: Double?
  /// Whether the task was solved at some time; absent in replay.
  package var successOnce: Bool?
  /// Whether the task was solved when the episode ended; absent in replay.
  package var successAtEnd: Bool?
  /// Why the episode ended early; absent in replay, and when it did not.
  ///
  /// An episode whose budget is used up has not failed in this sense: it is no success.
  package var failure: OutcomeFailure?
  /// The actions that were carried out, one that failed included; absent in replay.
  package var actions: Int?
  /// The time that passed in the simulated world; absent in replay.
  package var simulatedSeconds: Double?
  /// What came of carrying out the answers to the recorded observations; only in replay, and
  /// only where the plan asks for it.
  package var openLoop: OpenLoopOutcome?

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case mode
    case method
    case episode
    case instruction
    case seed
    case queries
    case keyframeMatchRate = "keyframe_match_rate"
    case successOnce = "success_once"
    case successAtEnd = "success_at_end"
    case failure
    case actions
    case simulatedSeconds = "simulated_seconds"
    case openLoop = "open_loop"
  }

  /// Makes the outcome of a replayed episode; the match rate follows from the queries.
  package init(
    replayed episode: EpisodeIdentity, method: String, instruction: String, seed: UInt64,
    queries: [QueryOutcome], openLoop: OpenLoopOutcome? = nil
  ) {
    mode = .replay
    self.method = method
    self.episode = episode
    self.instruction = instruction
    self.seed = seed
    self.queries = queries
    self.openLoop = openLoop
    let matches = queries.count { $0.keyframeMatch == true }
    keyframeMatchRate = queries.isEmpty ? nil : Double(matches) / Double(queries.count)
  }

  /// Makes the outcome of an episode in a closed loop.
  package init(
    rolledOut episode: EpisodeIdentity, method: String, instruction: String, seed: UInt64,
    queries: [QueryOutcome], successOnce: Bool, successAtEnd: Bool, failure: OutcomeFailure?,
    actions: Int, simulatedSeconds: Double
  ) {
    mode = .rollout
    self.method = method
    self.episode = episode
    self.instruction = instruction
    self.seed = seed
    self.queries = queries
    self.successOnce = successOnce
    self.successAtEnd = successAtEnd
    self.failure = failure
    self.actions = actions
    self.simulatedSeconds = simulatedSeconds
  }

  /// The same outcome without the only field that differs between two equal runs.
  package var withoutTimings: EpisodeOutcome {
    var copy = self
    for index in copy.queries.indices { copy.queries[index].timing = nil }
    return copy
  }
}
