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
    let columns: [ColumnSource<Row>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(.init("layer")) { .init($0.layer) },
      ColumnSource(
        .init("executed_share", "executed\n%", format: .percent())
      ) { .number($0.group.layerUsage[$0.layer]) },
      ColumnSource(.init("queries")) { .init($0.group.queries) },
    ]
    return Table(
      name: "layer_usage", title: title(summary), notes: notes(summary), columns: columns,
      of: rows)
  }

  /// One column a layer, for people.
  package static func wide(_ summary: RunSummary) -> Table {
    let layerCount = summary.methods.map(\.layerCount).max() ?? 0
    var columns: [ColumnSource<Row>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(
        .init("layers_executed", "layers\nrun", format: NumberFormat(decimals: 2))
      ) { .init($0.group.layersExecuted) },
    ]
    for layer in 0..<layerCount {
      columns.append(
        ColumnSource(
          .init("layer_\(layer)", "\(layer)", format: .percent(decimals: 0))
        ) { .init($0.group.layerUsage.indices.contains(layer) ? $0.group.layerUsage[layer] : nil) })
    }
    return Table(
      name: "layer_usage", title: title(summary) + ", in percent by layer",
      notes: notes(summary), columns: columns, of: groups(summary))
  }

  private static func groups(_ summary: RunSummary) -> [Row] {
    summary.methods.flatMap { method in
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
