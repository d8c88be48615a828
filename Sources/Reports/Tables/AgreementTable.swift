/// Task × offline number: how well it foretells which method, or which cell, succeeds more.
package enum AgreementTable {
  private typealias Source = ColumnSource<OfflineAgreement>

  package static func table(_ comparison: OfflineClosedLoop) -> Table {
    Table(
      name: "offline_vs_closed_loop_agreement",
      title: "How well replay foretells closed-loop success in '\(comparison.suite)'",
      notes: notes(comparison), columns: columns, of: comparison.agreements)
  }

  private static var columns: [Source] {
    [
      Source(.init("task", isGroup: true)) { .text($0.task ?? "all tasks and methods") },
      Source(.init("measure", "offline number")) { .text($0.measure.name) },
      Source(.init("cells")) { .init($0.cells) },
    ] + estimate("kendall_tau_b", "Kendall\nτ", \.kendall)
      + estimate("pearson", "Pearson\nr", \.pearson)
      + estimate("spearman", "Spearman\nρ", audience: [.data, .document], \.spearman)
      + estimate("mean_maximum_rank_violation", "MMRV", \.meanMaximumRankViolation)
  }

  private static func estimate(
    _ key: String, _ heading: String, audience: Table.Audience = .all,
    _ estimate: @escaping (OfflineAgreement) -> Estimate?
  ) -> [Source] {
    let format = NumberFormat(decimals: 2)
    return [
      Source(.init(key, heading, format: format, audience: audience)) {
        .init(estimate($0)?.value)
      },
      Source(
        .init(
          "\(key)_interval", "95 %\ninterval", format: format,
          audience: audience.intersection([.console, .document]))
      ) { row in
        guard let lower = estimate(row)?.lower, let upper = estimate(row)?.upper else {
          return .empty
        }
        return .interval(lower, upper)
      },
      Source(.init("\(key)_lower_95", audience: .data)) { .init(estimate($0)?.lower) },
      Source(.init("\(key)_upper_95", audience: .data)) { .init(estimate($0)?.upper) },
    ]
  }

  private static func notes(_ comparison: OfflineClosedLoop) -> [String] {
    let notes = [
      "Of closed-loop success at some time: across methods within a task, and across all cells of"
        + " task and method, where easy and hard tasks count too. An error counts negatively, so +1"
        + " is agreement for every number.",
      "MMRV: mean maximum rank violation as SIMPLER defines it, in success rate; 0 is best.",
      "Interval: percentile bootstrap, \(comparison.draws) seeded draws of the episodes within each"
        + " method, task and mode. Drawing adds the episodes' noise once more, which weakens"
        + " agreement, so an interval may lie on the weak side of its number.",
    ]
    let isShort = comparison.agreements.contains { $0.cells < OfflineClosedLoop.leastCells }
    let isDegenerate = comparison.agreements.contains {
      $0.cells >= OfflineClosedLoop.leastCells && ($0.kendall == nil || $0.kendall?.lower == nil)
    }
    return notes
      + (isShort
        ? ["–: fewer than \(OfflineClosedLoop.leastCells) cells are too few to tell an order."]
        : [])
      + (isDegenerate
        ? ["–: cells that are all alike have no order; an interval needs one in most draws."] : [])
  }
}
