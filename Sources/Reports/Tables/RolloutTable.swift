/// Closed loop, method × task: success, at what cost.
enum RolloutTable {
  static func table(_ summary: RunSummary, isBrief: Bool) -> Table {
    let rows = GroupRow.rows(of: summary, isBrief: isBrief)
    let groups = rows.map(\.group)
    return Table(
      name: "main", title: "Closed-loop success and compute in '\(summary.suite)'",
      notes: notes(summary),
      columns: GroupRow.names + success + actions + GroupRow.compute(groups)
        + GroupRow.latency(groups), of: rows)
  }

  private static var success: [ColumnSource<GroupRow>] {
    GroupRow.share("success_once", stem: "success_once", heading: "success\nonce\n%") {
      $0.closedLoop?.successOnce
    }
      + GroupRow.share(
        "success_at_end", stem: "success_at_end", heading: "success\nat end\n%",
        audience: .roomy, intervalAudience: .document
      ) { $0.closedLoop?.successAtEnd }
  }

  private static var actions: [ColumnSource<GroupRow>] {
    [
      ColumnSource(.init("failed_episodes", "failed", audience: .roomy)) {
        .init(($0.group.closedLoop?.failed).map(Double.init))
      },
      ColumnSource(.init("actions_mean", "actions", format: NumberFormat(decimals: 2))) {
        .init($0.group.closedLoop?.actions)
      },
      ColumnSource(
        .init(
          "simulated_mean_s", "simulated\ns", format: NumberFormat(decimals: 2),
          audience: [.document, .data])
      ) { .init($0.group.closedLoop?.simulatedSeconds) },
    ]
  }

  private static func notes(_ summary: RunSummary) -> [String] {
    [
      "success once: share of the episodes that the simulator found solved at some time; success"
        + " at end: when the episode ended. Interval: Wilson, over episodes. It is success in these"
        + " worlds and says nothing of others.",
      "failed: unsolved episodes that ended with an action that no world can carry out; the table"
        + " of endings says why. actions: carried out, mean per episode.",
      "mean over tasks: the unweighted mean of the task rows.",
    ] + GroupRow.costNotes + MainTable.batchNote(summary)
      + MainTable.partialNote(summary)
  }
}
