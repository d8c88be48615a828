internal import Outcomes

/// Task × method × layer: what share of a factorized layer's work each expert did.
package enum ExpertUsageTable {
  private struct Row {
    var method: String
    var group: GroupSummary
    var layer: Int
    var shares: [Double]
  }

  /// - Returns: `nil` where no method has experts.
  package static func table(_ summary: RunSummary) -> Table? {
    let rows = rows(summary)
    guard let count = rows.map(\.shares.count).max() else { return nil }
    let names: [ColumnSource<Row>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(.init("layer")) { .init($0.layer) },
    ]
    let shares = (0..<count).map { expert in
      ColumnSource<Row>(.init("expert_\(expert)", "\(expert)", format: .percent())) { row in
        .init(row.shares.indices.contains(expert) ? row.shares[expert] : nil)
      }
    }
    return Table(
      name: "expert_usage",
      title: "Expert usage in '\(summary.suite)', in percent of a layer's work",
      notes: [
        "Of the tokens that a layer's experts processed together, each expert's share; even would be"
          + " one divided by their number. Layers that did not run are left out."
      ] + MainTable.partialNote(summary),
      columns: names + shares, of: rows)
  }

  private static func rows(_ summary: RunSummary) -> [Row] {
    summary.methods.flatMap { method in
      (method.tasks + [method.pooled]).flatMap { group in
        (group.expertUsage ?? []).enumerated().compactMap { layer, shares in
          shares.isEmpty
            ? nil : Row(method: method.name, group: group, layer: layer, shares: shares)
        }
      }
    }
  }
}
