internal import Outcomes

/// Method × task with the mean over tasks: how well, at what cost.
package enum MainTable {
  /// The table for the run's mode: nearness to the demonstration in replay, success in a rollout.
  ///
  /// - Parameter isBrief: Whether means over a single task, which repeat its row, are left out.
  package static func table(_ summary: RunSummary, isBrief: Bool = false) -> Table {
    switch summary.mode {
    case .replay: ReplayTable.table(summary, isBrief: isBrief)
    case .rollout: RolloutTable.table(summary, isBrief: isBrief)
    }
  }

  /// What a reader of times must know where queries were answered together.
  static func batchNote(_ summary: RunSummary) -> [String] {
    let batches = summary.methods.compactMap { $0.pooled.latency?.batch }
    guard let largest = batches.max() else { return [] }
    return [
      "BATCHED: queries were answered up to \(largest) at once; a measured time is a query's share of"
        + " such a batch, and no latency."
    ]
  }

  /// What a reader of an unfinished run, or of one shard, must know.
  static func partialNote(_ summary: RunSummary) -> [String] {
    guard summary.isPartial else { return [] }
    let done = summary.methods.reduce(0) { $0 + $1.pooled.episodes }
    let all = summary.plannedEpisodes.multipliedReportingOverflow(by: summary.methods.count)
    return ["PARTIAL: \(done) of \(all.partialValue) planned episodes."]
  }
}
