/// Layer usage apart for observations with an open and with a closed gripper: one phase of a
/// manipulation against another.
package enum GripperUsageTable {
  private struct Row {
    /// A method, or a policy with one.
    var group: String
    var task: String
    var phase: String
    var usage: LayerUsage
  }

  /// Task × method of one run.
  package static func table(_ summary: RunSummary) -> Table {
    let methods = summary.methods.filter { $0.layerCount > 0 }
    let rows = methods.flatMap { method in
      (method.tasks + [method.pooled]).flatMap { phases(of: $0, group: method.name) }
    }
    return table(
      rows, name: "layer_usage_by_gripper", suite: summary.suite, heading: "method",
      layers: methods.map(\.layerCount).max(),
      notes: MainTable.partialNote(summary))
  }

  /// Policies of several runs, all tasks together.
  package static func table(_ sideBySide: SideBySide) -> Table {
    let policies = sideBySide.rows.filter { $0.layerCount > 0 }
    let rows = policies.flatMap { row in
      phases(of: row.group, group: row.title, task: "all tasks")
    }
    return table(
      rows, name: "layer_usage_by_policy_and_gripper", suite: sideBySide.suite, heading: "policy",
      layers: policies.map(\.layerCount).max(), notes: SideBySideTable.partialNote(sideBySide))
  }

  private static func phases(
    of group: GroupSummary, group name: String, task: String? = nil
  ) -> [Row] {
    guard let usage = group.layerUsageByGripper else { return [] }
    return [("open", usage.open), ("closed", usage.closed)].map {
      Row(group: name, task: task ?? group.name, phase: $0, usage: $1)
    }
  }

  private static func table(
    _ rows: [Row], name: String, suite: String, heading: String, layers: Int?,
    notes: [String]
  ) -> Table {
    let names: [ColumnSource<Row>] = [
      ColumnSource(.init(heading, isGroup: true)) { .text($0.group) },
      ColumnSource(.init("task")) { .text($0.task) },
      ColumnSource(.init("gripper")) { .text($0.phase) },
      ColumnSource(.init("queries")) { .init($0.usage.queries) },
      ColumnSource(
        .init("layers_executed", "layers\nrun", format: NumberFormat(decimals: 2))
      ) { .init($0.usage.layersExecuted) },
    ]
    let shares = (0..<(layers ?? 0)).map { layer in
      ColumnSource<Row>(
        .init("layer_\(layer)", "\(layer)", format: .percent(decimals: 0))
      ) { row in
        .init(row.usage.shares.indices.contains(layer) ? row.usage.shares[layer] : nil)
      }
    }
    return Table(
      name: name,
      title: "Layer usage in '\(suite)' by gripper, in percent by layer",
      notes: (rows.isEmpty ? [missing] : [meaning]) + notes, columns: names + shares, of: rows)
  }

  private static let meaning =
    "open, closed: the gripper in the observation that the policy was shown. executed: the share of"
    + " the queries that ran the layer, or of their tokens where it sees only some. Queries that do"
    + " not say what they showed are left out."
  private static let missing =
    "NOTHING TO SHOW: no query of the journal says whether the gripper was open, as journals of"
    + " earlier versions do not; run the evaluation again for this table."
}
