/// What a simulator said of a group of episodes.
///
/// Success at some time and success at the end are two numbers and never stand in one column.
package struct SuccessSummary: Codable, Equatable, Sendable {
  /// The episodes that were judged.
  package var episodes: Int
  /// The share that was solved at some time, with Wilson's interval over episodes.
  package var successOnce: Proportion
  /// The share that was solved when it ended, with Wilson's interval over episodes.
  package var successAtEnd: Proportion
  /// Episodes that were solved at some time.
  package var solved: Int
  /// Unsolved episodes that failed, by the kind of failure; kinds that did not happen are left
  /// out.
  package var failures: [String: Int]
  /// Unsolved episodes that did not fail: there was no action left to take.
  package var outOfActions: Int
  /// The mean over episodes of the actions that were carried out.
  package var actions: Double
  /// The mean over episodes of the time that passed in the simulated world; absent where it was
  /// not recorded.
  package var simulatedSeconds: Double?

  package enum CodingKeys: String, CodingKey {
    case episodes
    case successOnce = "success_once"
    case successAtEnd = "success_at_end"
    case solved
    case failures
    case outOfActions = "out_of_actions"
    case actions = "mean_actions"
    case simulatedSeconds = "mean_simulated_seconds"
  }

  /// Unsolved episodes that failed.
  package var failed: Int { failures.values.reduce(0, +) }
}

/// How often each layer ran in the queries of solved and of unsolved episodes.
package struct ResultLayerUsage: Codable, Equatable, Sendable {
  package var solved: LayerUsage
  package var unsolved: LayerUsage
}

/// How often each layer ran in the queries that showed an open and a closed gripper.
package struct GripperLayerUsage: Codable, Equatable, Sendable {
  package var open: LayerUsage
  package var closed: LayerUsage

  /// `nil` where no query says what it showed.
  init?(open: LayerUsage, closed: LayerUsage) {
    guard open.queries > 0 || closed.queries > 0 else { return nil }
    (self.open, self.closed) = (open, closed)
  }

  /// The unweighted means of those that have queries, whose numbers are summed.
  init?(meanOf usages: [GripperLayerUsage]) {
    self.init(
      open: LayerUsage(meanOf: usages.map(\.open)),
      closed: LayerUsage(meanOf: usages.map(\.closed)))
  }
}

/// How often each layer ran.
package struct LayerUsage: Codable, Equatable, Sendable {
  package var queries: Int
  /// For each layer the mean over queries of its share, from 0 to 1; empty without queries.
  package var shares: [Double]

  /// The mean over queries of the number of layers run; `nil` without queries.
  var layersExecuted: Double? { queries == 0 ? nil : shares.reduce(0, +) }
}

extension LayerUsage {
  /// The unweighted mean of those that have queries, whose numbers are summed.
  ///
  /// - Precondition: All are of equally many layers.
  init(meanOf usages: [LayerUsage]) {
    let filled = usages.filter { $0.queries > 0 }
    let shares = (filled.first?.shares.indices ?? 0..<0).map { layer in
      filled.reduce(0) { $0 + $1.shares[layer] } / Double(filled.count)
    }
    self.init(queries: filled.reduce(0) { $0 + $1.queries }, shares: shares)
  }
}
