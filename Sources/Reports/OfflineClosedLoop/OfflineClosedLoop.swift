/// Whether cheap replay tells what a closed loop would: the file `offline_vs_closed_loop.json`.
package struct OfflineClosedLoop: Codable, Equatable, Sendable {
  package static let currentSchema = "mole-offline-closed-loop-1"
  /// Fewer cells than these tell no order.
  package static let leastCells = 3

  package var schemaVersion: String
  package var suite: String
  /// What the numbers mean, for a reader of the file alone.
  package var conventions: [String]
  /// Of the intervals.
  package var confidence: Double
  /// How often the episodes were drawn again for the intervals of the agreements.
  package var draws: Int
  /// Task by task the methods of both runs, in the replay's order.
  package var cells: [OfflineClosedLoopCell]
  /// Task by task how well the methods' order is foretold, and then that of all cells.
  package var agreements: [OfflineAgreement]

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case suite
    case conventions
    case confidence
    case draws
    case cells
    case agreements
  }
}

/// A method on a task: what replay said of it, and what the closed loop.
package struct OfflineClosedLoopCell: Codable, Equatable, Sendable {
  package var task: String
  package var method: String
  package var replayedEpisodes: Int
  /// The mean over queries, in metres.
  package var positionError: Double?
  /// The mean over queries, geodesic, in degrees.
  package var rotationError: Double?
  /// Wilson's interval is over queries.
  package var keyframeMatch: Proportion?
  /// Of replayed episodes whose answers were carried out, solved at some time.
  package var openLoopSuccess: Proportion?
  /// Absent when no episode was rolled out so far.
  package var closedLoop: SuccessSummary?

  package enum CodingKeys: String, CodingKey {
    case task
    case method
    case replayedEpisodes = "replayed_episodes"
    case positionError = "position_error_mean_m"
    case rotationError = "rotation_error_mean_deg"
    case keyframeMatch = "keyframe_match"
    case openLoopSuccess = "open_loop_success_once"
    case closedLoop = "closed_loop"
  }
}

/// A number of a replay that may foretell closed-loop success.
package enum OfflineMeasure: String, Codable, CaseIterable, Sendable {
  case positionError = "position_error"
  case rotationError = "rotation_error"
  case keyframeMatch = "keyframe_match"
  case openLoopSuccess = "open_loop_success"

  /// For people.
  var name: String {
    switch self {
    case .positionError: "position error"
    case .rotationError: "rotation error"
    case .keyframeMatch: "match rate"
    case .openLoopSuccess: "open-loop success"
    }
  }
}

/// How well a number of the replay foretells the order of cells by closed-loop success at some
/// time.
///
/// An error counts negatively, so that +1 is agreement for every measure. A number is absent when
/// fewer than `OfflineClosedLoop.leastCells` cells have it, or when all are alike.
package struct OfflineAgreement: Codable, Equatable, Sendable {
  /// Absent for the cells of all tasks.
  package var task: String?
  package var measure: OfflineMeasure
  /// The cells that have both numbers.
  package var cells: Int
  /// τ-b.
  package var kendall: Estimate?
  package var pearson: Estimate?
  package var spearman: Estimate?
  /// In success rate, 0 at best.
  package var meanMaximumRankViolation: Estimate?

  package enum CodingKeys: String, CodingKey {
    case task
    case measure
    case cells
    case kendall = "kendall_tau_b"
    case pearson
    case spearman
    case meanMaximumRankViolation = "mean_maximum_rank_violation"
  }
}

/// A number with its bootstrap interval, which is absent when most draws have no number.
package struct Estimate: Codable, Equatable, Sendable {
  package var value: Double
  package var lower: Double?
  package var upper: Double?
}
