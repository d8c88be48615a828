internal import Outcomes

/// Layer usage of solved episodes less that of unsolved ones.
package enum LayerDifferenceTable {
  private struct Row {
    var method: String
    var difference: LayerDifference
    /// `nil` for the number of layers run.
    var layer: Int?

    var estimate: Estimate? {
      guard let layer else { return difference.layersExecuted }
      return difference.layers.indices.contains(layer) ? difference.layers[layer] : nil
    }
  }

  /// One row a layer, for programs; a group in which either side is empty has one row without numbers.
  ///
  /// - Returns: `nil` where no method's choice of layers varies between judged episodes.
  package static func long(_ summary: RunSummary) -> Table? {
    let rows = groups(summary).flatMap { row in
      [row]
        + row.difference.layers.indices.map {
          Row(method: row.method, difference: row.difference, layer: $0)
        }
    }
    guard !rows.isEmpty else { return nil }
    let columns: [ColumnSource<Row>] =
      names + [
        ColumnSource(.init("layer")) { .text($0.layer.map(String.init) ?? "number_of_layers") },
        ColumnSource(.init("difference")) { .init($0.estimate?.value) },
        ColumnSource(.init("difference_lower_95")) { .init($0.estimate?.lower) },
        ColumnSource(.init("difference_upper_95")) { .init($0.estimate?.upper) },
        ColumnSource(.init("draws")) { .init($0.difference.draws) },
        ColumnSource(.init("missing")) { row in
          row.difference.missing.map { .text($0) } ?? .empty
        },
      ]
    return Table(
      name: name, title: title(summary), notes: notes(summary), columns: columns, of: rows)
  }

  /// One column a layer, for people.
  ///
  /// - Returns: `nil` as `long`.
  package static func wide(_ summary: RunSummary) -> Table? {
    let rows = groups(summary)
    guard !rows.isEmpty else { return nil }
    let layers = (0..<(rows.map(\.difference.layers.count).max() ?? 0)).map { layer in
      ColumnSource<Row>(.init("layer_\(layer)", "\(layer)")) { row in
        guard row.difference.layers.indices.contains(layer) else { return .empty }
        return .text(marked(row.difference.layers[layer]))
      }
    }
    let number = NumberFormat(decimals: 2)
    let counted: [ColumnSource<Row>] = [
      ColumnSource(.init("layers_executed", "layers run", format: number)) { row in
        row.difference.missing.map { .text($0) } ?? .init(row.estimate?.value)
      },
      ColumnSource(.init("layers_executed_interval", "95 % interval", format: number)) { row in
        guard let lower = row.estimate?.lower, let upper = row.estimate?.upper else {
          return .empty
        }
        return .interval(lower, upper)
      },
    ]
    return Table(
      name: name, title: title(summary) + ", in points of percent by layer",
      notes: notes(summary), columns: names + counted + layers, of: rows)
  }

  private static let name = "layer_usage_difference"

  private static var names: [ColumnSource<Row>] {
    [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.difference.name) },
      ColumnSource(.init("solved_episodes", "solved")) { .init($0.difference.solvedEpisodes) },
      ColumnSource(.init("unsolved_episodes", "unsolved")) {
        .init($0.difference.unsolvedEpisodes)
      },
    ]
  }

  /// With a star where the interval leaves out zero.
  private static func marked(_ estimate: Estimate) -> String {
    LayerScale.difference.text(estimate.value) + (estimate.excludesZero ? "*" : "")
  }

  private static func groups(_ summary: RunSummary) -> [Row] {
    summary.methods.flatMap { method in
      (method.layerDifferences ?? []).map { Row(method: method.name, difference: $0) }
    }
  }

  private static func title(_ summary: RunSummary) -> String {
    "Layer usage in '\(summary.suite)', solved less unsolved episodes"
  }

  private static func notes(_ summary: RunSummary) -> [String] {
    [
      "The share of the queries of solved episodes that ran the layer, less that of unsolved ones;"
        + " solved: at some time. layers run: the same of their number.",
      "Interval: percentile bootstrap over episodes, solved and unsolved ones apart, as the queries of"
        + " one episode are alike. *: the interval of that layer leaves out zero; with as many layers,"
        + " one in twenty does by chance. All episodes together also show that hard tasks use other"
        + " layers; within a task they do not.",
    ] + MainTable.partialNote(summary)
  }
}

extension Estimate {
  /// Whether its interval does.
  var excludesZero: Bool {
    guard let lower, let upper else { return false }
    return lower > 0 || upper < 0
  }
}
