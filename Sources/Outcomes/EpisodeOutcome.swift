package import Manipulation

/// What happened in one episode: one self-contained line of the journal `episodes.jsonl`.
///
/// In replay a policy is asked at each key frame of a recording; `keyframeMatchRate` says how
/// many answers came close to the demonstration. That is an offline number and never called
/// success; the fields of success are there only where a simulator judged.
package struct EpisodeOutcome: Codable, Equatable, Sendable {
  package var mode: EvaluationMode
  /// The name of the policy's method, such as `mole`.
  package var method: String
  package var episode: EpisodeIdentity
  package var instruction: String
  /// The episode's seed, from which the seed of each query is derived.
  package var seed: UInt64
  package var queries: [QueryOutcome]
  /// The share of the queries whose answer matches the key frame; absent without queries.
  package var keyframeMatchRate: Double?
  /// Whether the task was solved at some time; absent in replay.
  package var successOnce: Bool?
  /// Whether the task was solved when the episode ended; absent in replay.
  package var successAtEnd: Bool?
  /// Why the episode ended early; absent in replay, and when it did not.
  package var failure: OutcomeFailure?

  package enum CodingKeys: String, CodingKey {
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
  }

  /// Makes the outcome of a replayed episode; the match rate follows from the queries.
  package init(
    replayed episode: EpisodeIdentity, method: String, instruction: String, seed: UInt64,
    queries: [QueryOutcome]
  ) {
    mode = .replay
    self.method = method
    self.episode = episode
    self.instruction = instruction
    self.seed = seed
    self.queries = queries
    let matches = queries.count { $0.keyframeMatch }
    keyframeMatchRate = queries.isEmpty ? nil : Double(matches) / Double(queries.count)
  }

  /// The same outcome without the only field that differs between two equal runs.
  package var withoutTimings: EpisodeOutcome {
    var copy = self
    for index in copy.queries.indices { copy.queries[index].timing = nil }
    return copy
  }
}

/// What kept a policy from acting, or an episode from going on.
package enum OutcomeFailure: String, Codable, CaseIterable, Sendable {
  /// The policy answered with no action, or with one that is not finite.
  case invalidAction = "invalid_action"
}
