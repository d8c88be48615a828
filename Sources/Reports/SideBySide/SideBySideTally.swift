internal import Manipulation
package import Outcomes
internal import Statistics

/// Collects what the rollouts of a set say, row by row.
package struct SideBySideTally {
  /// How often episodes are drawn again for an interval.
  package static let usualDraws = 2000

  private let set: RolloutSet
  private var rows: [RowKey: RowTally] = [:]
  /// The keys of `rows` in the order of runs and methods.
  private var order: [RowKey] = []

  /// A row before seeds are pooled.
  private struct RowKey: Hashable {
    var label: PolicyLabel
    var method: String
    var wording: RunWording
  }

  package init(_ set: RolloutSet) {
    self.set = set
    for member in set.ordered {
      for method in member.manifest.methods {
        let key = SideBySideTally.key(method, of: member)
        if rows[key] == nil { order.append(key) }
        rows[key, default: RowTally(member, method: method)].expect(member.plannedEpisodes)
      }
    }
  }

  /// Adds an episode of the run at this place of the report; one of a replay is left aside.
  package mutating func add(_ outcome: EpisodeOutcome, ofRun place: Int) {
    guard let member = set.members[place],
      let method = member.manifest.methods.first(where: { $0.name == outcome.method })
    else { return }
    rows[SideBySideTally.key(method, of: member)]?.add(outcome)
  }

  /// Checks the names of bases without any episode.
  ///
  /// - Throws: `ReportError.noSuchRow` for a base that cannot be there.
  package func checkBases(_ bases: [String]) throws(ReportError) {
    let rows = order.flatMap { key in
      [key.label.text, key.label.policy].map { "\($0):\(key.method)" }
    }
    let policies = order.flatMap { [$0.label.text, $0.label.policy] }
    let known = Set(rows + policies)
    if let unknown = bases.first(where: { !known.contains($0) }) {
      throw .noSuchRow(unknown, rows: rows.inOrder)
    }
  }

  /// What the rollouts say together.
  ///
  /// The intervals depend on the journals alone: their draws have a fixed seed.
  ///
  /// - Parameter bases: The rows to compare with, as `RowName.text` or a policy alone; none means
  ///   the dense method's.
  /// - Throws: `ReportError.noSuchRow` for a base that is not there.
  package func compared(
    against bases: [String] = [], draws: Int = SideBySideTally.usualDraws
  ) throws(ReportError) -> SideBySide {
    let groups = RowGroup.groups(of: order.compactMap { rows[$0] }, tasks: set.tasks)
    let pairing = RowPairing(groups: groups, tasks: set.tasks, draws: draws)
    var sideBySide = SideBySide(
      suite: set.suite, confidence: RunSummary.confidence, draws: draws,
      rows: groups.compactMap { $0.row(tasks: set.tasks, draws: draws) },
      comparisons: try pairing.comparisons(against: bases),
      paraphrases: RowParaphrases.agreements(among: groups.filter { !$0.isPool }),
      isPartial: rows.values.contains { $0.episodes.count < $0.plannedEpisodes })
    sideBySide.findFrontier(of: groups, tasks: set.tasks, draws: draws)
    return sideBySide
  }

  /// A script answers alike in every run.
  private static func key(_ method: MethodDescription, of member: RolloutSet.Member) -> RowKey {
    RowKey(
      label: method.isScript ? .script : member.label, method: method.name,
      wording: member.wording)
  }
}
