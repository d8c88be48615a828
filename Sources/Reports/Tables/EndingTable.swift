internal import Outcomes

/// Method × task: how episodes ended that a simulator judged.
package enum EndingTable {
  private struct Row {
    var method: String
    var group: GroupSummary
    var result: SuccessSummary
  }

  /// - Returns: `nil` when nothing was judged.
  package static func table(_ summary: RunSummary) -> Table? {
    let rows = summary.methods.flatMap { method in
      (method.tasks + [method.pooled]).compactMap { group in
        (group.closedLoop ?? group.openLoop).map {
          Row(method: method.name, group: group, result: $0)
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    let loop = summary.mode == .rollout ? "closed loop" : "open loop"
    return Table(
      name: "endings", title: "How episodes of '\(summary.suite)' ended in \(loop)",
      notes: notes + MainTable.partialNote(summary), columns: columns, of: rows)
  }

  private static var columns: [ColumnSource<Row>] {
    let names: [ColumnSource<Row>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(.init("episodes", "epi-\nsodes")) { .init($0.result.episodes) },
      ColumnSource(.init("solved_once", "solved")) { .init($0.result.solved) },
    ]
    let kinds = OutcomeFailure.allCases.map { failure in
      let heading = failure.rawValue.replacing("_", with: "\n")
      return ColumnSource<Row>(.init(failure.rawValue, heading)) {
        .init($0.result.failures[failure.rawValue, default: 0])
      }
    }
    return names + kinds + [
      ColumnSource(.init("out_of_actions", "out of\nactions")) { .init($0.result.outOfActions) }
    ]
  }

  private static let notes = [
    "Each episode is counted once: as solved when it was solved at some time, else by what ended"
      + " it.",
    "invalid action: the policy answered with none, or with one that is not finite. unreachable"
      + " target, target outside workspace, invalid rotation: the arm cannot carry it out. diverged"
      + " simulation: the world left the finite numbers. out of actions: the budget, or in open"
      + " loop the recording, was used up.",
  ]
}
