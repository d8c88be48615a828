/// What an early-exit method would have done with other thresholds, recomputed from the differences
/// that its queries recorded.
///
/// A query that left at an exit did not test the later ones: what it would have done under stricter
/// thresholds is unknown. A pass that tests every exit (with thresholds below zero) answers all. The
/// observations are those of the recorded pass: in a closed loop other actions would have led to
/// others, so neither success nor errors can be recomputed.
package struct ExitCurve: Codable, Equatable, Sendable {
  /// The number of layers below each exit, ascending.
  package var exits: [Int]
  /// Queries that recorded differences.
  package var queries: Int
  package var points: [ExitPoint]
}

/// One setting of the thresholds.
package struct ExitPoint: Codable, Equatable, Sendable {
  package var rule: ExitPointRule
  /// Queries that left before the exit at which they would leave now; with any, there are no numbers.
  package var unknownQueries: Int
  /// The share of the queries that leave at each exit.
  package var shares: [Double]
  /// The mean over queries.
  package var layersExecuted: Double?
  /// Mean executed MACs of router and language layers; the layers of one decoder cost alike.
  package var languageModelMACs: Double?
  /// Mean executed MACs of all parts, with every pass of the action head as costly as the recorded
  /// ones were on average.
  package var totalMACs: Double?

  package enum CodingKeys: String, CodingKey {
    case rule
    case unknownQueries = "unknown_queries"
    case shares = "exit_shares"
    case layersExecuted = "layers_executed"
    case languageModelMACs = "language_model_executed_macs"
    case totalMACs = "total_executed_macs"
  }
}

/// Where the thresholds of a point come from.
package struct ExitPointRule: Codable, Equatable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// Those of the run, times `value`.
    case scaled
    /// `value` at every exit.
    case uniform
  }

  package var kind: Kind
  package var value: Double
}
