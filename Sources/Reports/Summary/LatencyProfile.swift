/// How long a method took for its queries, each of which was asked alone.
///
/// The warm-up queries are in no journal and so in none of these numbers.
package struct LatencyProfile: Codable, Equatable, Sendable {
  /// Asked before the first recorded one, to warm up.
  package var warmupQueries: Int
  /// Queries that were answered together with others, whose times are no latencies; they are left
  /// out.
  package var batchedQueries: Int
  /// Of all queries; absent where none was timed alone.
  package var all: LatencyRow?
  /// By the number of layers that ran, to the nearest whole one, ascending.
  package var byLayers: [LatencyRow]
  /// Actions carried out for each second of waiting for the policy, in Hz; absent in replay.
  package var actionRate: Double?

  package enum CodingKeys: String, CodingKey {
    case warmupQueries = "warmup_queries"
    case batchedQueries = "batched_queries"
    case all
    case byLayers = "by_layers"
    case actionRate = "action_rate_hz"
  }
}

/// The latencies of some queries, in seconds.
package struct LatencyRow: Codable, Equatable, Sendable {
  /// The control rates that policies of robots are asked for, in Hz.
  package static let rates = [5.0, 10, 20]

  /// Absent for all queries together.
  package var layers: Int?
  package var queries: Int
  package var mean: Double
  package var p50: Double
  package var p90: Double
  package var p95: Double
  package var p99: Double
  package var max: Double
  /// For each of `rates` the share of the queries that took longer than its period, with Wilson's
  /// interval over queries.
  package var misses: [Proportion]

  /// Answers a second where one is asked for after the other, in Hz; absent where they took no
  /// time.
  package var queryRate: Double? { mean > 0 ? 1 / mean : nil }
}
