internal import Outcomes

/// Task × method × layer: how often each layer of the language model ran.
package enum LayerUsageTable {
  private struct Row {
    var method: String
    var group: GroupSummary
    var layer: Int
  }

  /// One row a layer, for programs.
  package static func long(_ summary: RunSummary) -> Table {
    let rows = groups(summary).flatMap { row in
      row.group.layerUsage.indices.map { Row(method: row.method, group: row.group, layer: $0) }
    }
    var columns: [ColumnSource<Row>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(.init("layer")) { .init($0.layer) },
      ColumnSource(
        .init("executed_share", "executed\n%", format: .percent())
      ) { .number($0.group.layerUsage[$0.layer]) },
      ColumnSource(.init("queries")) { .init($0.group.queries) },
    ]
    if summary.mode == .rollout {
      columns += columnsByResult("solved", \.solved) + columnsByResult("unsolved", \.unsolved)
    }
    return Table(
      name: "layer_usage", title: title(summary), notes: notes(summary), columns: columns,
      of: rows)
  }

  /// The share and the queries of the episodes of one result.
  private static func columnsByResult(
    _ result: String, _ usage: @escaping (ResultLayerUsage) -> LayerUsage
  ) -> [ColumnSource<Row>] {
    [
      ColumnSource(.init("executed_share_\(result)", format: .percent())) { row in
        let shares = row.group.layerUsageByResult.map(usage)?.shares ?? []
        return .init(shares.indices.contains(row.layer) ? shares[row.layer] : nil)
      },
      ColumnSource(.init("queries_\(result)")) {
        .init(($0.group.layerUsageByResult.map(usage)?.queries).map(Double.init))
      },
    ]
  }

  /// One column a layer, for people.
  package static func wide(_ summary: RunSummary) -> Table {
    var columns: [ColumnSource<Row>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(
        .init("layers_executed", "layers\nrun", format: NumberFormat(decimals: 2))
      ) { .init($0.group.layersExecuted) },
    ]
    columns += layerColumns(summary, shares: \.group.layerUsage)
    return Table(
      name: "layer_usage", title: title(summary) + ", in percent by layer",
      notes: notes(summary), columns: columns, of: groups(summary))
  }

  private struct ResultRow {
    var method: String
    var task: String
    var result: String
    var usage: LayerUsage
  }

  /// Solved and unsolved episodes apart, one column a layer, for people.
  ///
  /// - Returns: `nil` when there was no closed loop.
  package static func byResult(_ summary: RunSummary) -> Table? {
    let rows = summary.methods.filter { $0.layerCount > 0 }.flatMap { method in
      (method.tasks + [method.pooled]).flatMap { group in
        resultRows(of: group, method: method.name)
      }
    }
    guard !rows.isEmpty else { return nil }
    let names: [ColumnSource<ResultRow>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.task) },
      ColumnSource(.init("episodes")) { .text($0.result) },
      ColumnSource(.init("queries")) { .init($0.usage.queries) },
    ]
    return Table(
      name: "layer_usage_by_result",
      title: title(summary) + " by result, in percent by layer",
      notes: ["solved: at some time of the episode."] + notes(summary),
      columns: names + layerColumns(summary, shares: \.usage.shares), of: rows)
  }

  private static func resultRows(of group: GroupSummary, method: String) -> [ResultRow] {
    guard let usage = group.layerUsageByResult else { return [] }
    return [("solved", usage.solved), ("unsolved", usage.unsolved)].map {
      ResultRow(method: method, task: group.name, result: $0, usage: $1)
    }
  }

  private static func layerColumns<Source>(
    _ summary: RunSummary, shares: @escaping (Source) -> [Double]
  ) -> [ColumnSource<Source>] {
    (0..<(summary.methods.map(\.layerCount).max() ?? 0)).map { layer in
      ColumnSource(.init("layer_\(layer)", "\(layer)", format: .percent(decimals: 0))) { row in
        let shares = shares(row)
        return .init(shares.indices.contains(layer) ? shares[layer] : nil)
      }
    }
  }

  private static func groups(_ summary: RunSummary) -> [Row] {
    summary.methods.filter { $0.layerCount > 0 }.flatMap { method in
      (method.tasks + [method.meanOverTasks]).map {
        Row(method: method.name, group: $0, layer: 0)
      }
    }
  }

  private static func title(_ summary: RunSummary) -> String {
    "Layer usage in '\(summary.suite)'"
  }

  private static func notes(_ summary: RunSummary) -> [String] {
    [
      "executed: the share of the queries that ran the layer; where a layer sees only some of the"
        + " tokens, the mean share of the tokens. It is neither nominal nor measured.",
      "Layer 0 is the first layer of the language model. In compute, 1 MAC = 2 FLOPs.",
    ] + MainTable.partialNote(summary)
  }
}
