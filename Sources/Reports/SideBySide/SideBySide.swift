/// What rollouts of several policies say together.
package struct SideBySide: Equatable, Sendable {
  package var suite: String
  /// Of the intervals.
  package var confidence: Double
  /// How often seeds and episodes were drawn again for a bootstrap interval.
  package var draws: Int
  /// Policy by policy the methods; a policy of several training seeds first as one row, then each
  /// seed of it.
  package var rows: [PolicyRow]
  /// Base by base, the rows in their order.
  package var comparisons: [PairedComparison]
  /// Row by row what another wording of the instruction changes in the choice of layers.
  package var paraphrases: [ParaphraseAgreement]
  /// Whether some row has fewer episodes than its plan asks for.
  package var isPartial: Bool

  /// The rows without the single seeds of a policy that has a row for all of them.
  private var outerRows: [PolicyRow] { rows.filter { !$0.isPartOfPool } }

  /// Of those the ones in the wording that comes first: those of a figure.
  var figureRows: [PolicyRow] { outerRows.filter { $0.name.wording == rows[0].name.wording } }

  /// The same without the single seeds of a policy that has rows for all of them, for a console.
  package var brief: SideBySide {
    var copy = self
    copy.rows = outerRows
    let parts = Set(rows.filter(\.isPartOfPool).map(\.name))
    copy.comparisons = comparisons.filter { !parts.contains($0.row) }
    return copy
  }

  /// Whether some rows differ in how the tasks were put.
  var hasWordings: Bool { Set(rows.map(\.name.wording)).count > 1 }
  /// Whether a row is of several training seeds.
  var hasSeeds: Bool { rows.contains { !$0.seeds.isEmpty } }
}

/// What tells a row from the others.
package struct RowName: Hashable, Sendable {
  /// The label of the run, without the seed where the row is of several.
  package var policy: String
  package var method: String
  package var wording: RunWording

  /// As `--against` takes it.
  package var text: String { policy.isEmpty ? method : "\(policy):\(method)" }
}

/// A policy with a method: how well it does, at what cost.
package struct PolicyRow: Equatable, Sendable {
  package var name: RowName
  /// The method without its amount.
  package var kind: String
  /// What the method keeps, in few letters; absent where it has no amount.
  package var amount: String?
  package var layerCount: Int
  /// The training seeds that the row is the mean of; empty for a single policy.
  package var seeds: [SeedRate]
  /// The policy and the method without seed and amount: what a line in a figure joins.
  package var family: String
  /// Whether the row is one of the seeds of another row.
  package var isPartOfPool: Bool
  /// Of one policy the judged episodes; of several seeds those that all of them saw.
  package var episodes: Int
  /// Success at some time. Of one policy Wilson's interval over episodes; of several seeds the mean
  /// of their rates and its bootstrap interval over seeds and episodes.
  package var success: Proportion
  /// Of several seeds the unweighted means of their numbers.
  package var group: GroupSummary
  package var tasks: [GroupSummary]
  /// Whether two queries ever ran different layers.
  package var choosesLayers: Bool
  /// Absent for scripts and for rows of several seeds, which have a router each.
  package var health: RouterHealth?
  /// Among the rows of the figure; absent for the others, and for scripts.
  package var frontier: FrontierPlace?

  /// The row in a figure.
  var shownName: String {
    let method = amount.map { "\(family):\($0)" } ?? family
    return kind == RunSummary.denseMethod ? family : method
  }

  /// The task that is solved least often.
  var worstTask: GroupSummary? {
    tasks.filter { $0.closedLoop != nil }.min { $0.successRate < $1.successRate }
  }
}

/// What one training seed of a policy reached.
package struct SeedRate: Equatable, Sendable {
  package var seed: String
  /// Of the episodes that all seeds saw, solved at some time.
  package var rate: Double
}

/// A row held against another on the episodes that both saw.
package struct PairedComparison: Equatable, Sendable {
  package var row: RowName
  package var base: RowName
  package var episodes: Int
  /// Training seeds on the row's and on the base's side, 1 for a single policy.
  package var seeds: [Int]
  /// Solved at some time, of the episodes that both saw.
  package var rate: Double?
  package var baseRate: Double?
  /// Rate less base rate with its bootstrap interval; a share, not points.
  package var difference: Estimate?
  /// How the episodes divide; absent where a side has several answers an episode.
  package var counts: PairedCounts?
}

/// How two policies divide the episodes that both saw.
package struct PairedCounts: Equatable, Sendable {
  package var both: Int
  package var onlyRow: Int
  package var onlyBase: Int
  package var neither: Int
  /// McNemar's exact test, two-sided.
  package var pValue: Double
}

/// How another wording of the instruction changes which layers run, at the first query of the same
/// episodes, where the picture is the same.
package struct ParaphraseAgreement: Equatable, Sendable {
  /// With its wording.
  package var row: RowName
  /// The wording it is held against.
  package var reference: RunWording
  /// Those that both runs hold and whose words differ.
  package var episodes: Int
  /// The share of them in which the same layers ran.
  package var sameMask: Double?
  /// For each layer the share of them in which both ran it or both did not; empty without episodes.
  package var layers: [Double]

  package var meanAgreement: Double? {
    layers.isEmpty ? nil : layers.reduce(0, +) / Double(layers.count)
  }
}

extension GroupSummary {
  fileprivate var successRate: Double { closedLoop?.successOnce.rate ?? 0 }
}
