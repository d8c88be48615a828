/// How the use of layers differs between the solved and the unsolved episodes of a group.
package struct LayerDifference: Codable, Equatable, Sendable {
  /// The task, or what the group is.
  package var name: String
  /// Episodes with queries.
  package var solvedEpisodes: Int
  package var unsolvedEpisodes: Int
  /// For each layer the share of the queries of solved episodes that ran it, less that of unsolved
  /// ones; empty where either are missing. The intervals are of a bootstrap over episodes, as the
  /// queries of one are alike.
  package var layers: [Estimate]
  /// The same of the number of layers run.
  package var layersExecuted: Estimate?
  /// How often episodes were drawn again.
  package var draws: Int

  package enum CodingKeys: String, CodingKey {
    case name
    case solvedEpisodes = "solved_episodes"
    case unsolvedEpisodes = "unsolved_episodes"
    case layers
    case layersExecuted = "layers_executed"
    case draws
  }

  /// Why there is no difference, or `nil`.
  var missing: String? {
    switch (solvedEpisodes, unsolvedEpisodes) {
    case (0, 0): "no episodes"
    case (0, _): "no solved episodes"
    case (_, 0): "no unsolved episodes"
    default: nil
    }
  }
}
