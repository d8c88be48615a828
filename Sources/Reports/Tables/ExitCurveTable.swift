/// Method × thresholds: how early an early-exit method would have stopped.
package enum ExitCurveTable {
  private struct Row {
    var method: String
    var curve: ExitCurve
    var point: ExitPoint
  }

  /// - Returns: `nil` where no query recorded the differences at its exits.
  package static func table(_ summary: RunSummary) -> Table? {
    let rows = summary.methods.flatMap { method in
      method.exitCurve.map { curve in
        curve.points.map { Row(method: method.name, curve: curve, point: $0) }
      } ?? []
    }
    guard !rows.isEmpty else { return nil }
    let unit = UnitPrefix.large(rows.compactMap(\.point.languageModelMACs))
    let total = UnitPrefix.large(rows.compactMap(\.point.totalMACs))
    let columns: [ColumnSource<Row>] = [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("thresholds")) { .text($0.point.rule.kind.rawValue) },
      ColumnSource(.init("value", format: NumberFormat(decimals: 2))) {
        .number($0.point.rule.value)
      },
      ColumnSource(.init("queries")) { .init($0.curve.queries) },
      ColumnSource(.init("unknown_queries", "not\nrecorded")) { .init($0.point.unknownQueries) },
      ColumnSource(
        .init("layers_executed", "layers\nrun", format: NumberFormat(decimals: 2))
      ) { .init($0.point.layersExecuted) },
      ColumnSource(
        .init(
          "language_model_executed_macs", "language\n\(unit.symbol)MAC", format: unit.format)
      ) { .init($0.point.languageModelMACs) },
      ColumnSource(
        .init("total_executed_macs", "all parts\n\(total.symbol)MAC", format: total.format)
      ) { .init($0.point.totalMACs) },
    ]
    return Table(
      name: "exit_thresholds",
      title: "Early exits in '\(summary.suite)' under other thresholds, recomputed",
      notes: notes + MainTable.partialNote(summary), columns: columns + exits(rows), of: rows)
  }

  private static func exits(_ rows: [Row]) -> [ColumnSource<Row>] {
    rows.flatMap(\.curve.exits).inOrder.sorted().map { depth in
      ColumnSource(
        .init("exit_share_after_\(depth)", "after\n\(depth)\n%", format: .percent())
      ) { row in
        let place = row.curve.exits.firstIndex(of: depth)
        return .init(
          place.flatMap { row.point.shares.indices.contains($0) ? row.point.shares[$0] : nil })
      }
    }
  }

  private static let notes = [
    "Recomputed from the differences between the actions of neighbouring exits that each query of this"
      + " run recorded. scaled: the run's thresholds times the value; uniform: the value at every exit."
      + " after n: share of the queries that leave after n layers.",
    "not recorded: queries that left before they tested the exit at which they would leave now; with"
      + " any of them there are no numbers. A run with '--set early_exit.thresholds' below zero tests"
      + " all exits.",
    "The observations are those of this run. In replay that is what another run would see; in a closed"
      + " loop other actions lead elsewhere, so this says nothing of success. Errors would need the"
      + " actions of every exit, which are not recorded.",
    "MAC: executed, mean per query; 1 MAC = 2 FLOPs. language: exact, as the layers of a decoder cost"
      + " alike. all parts: with every pass of the action head as costly as the recorded ones, which"
      + " does not hold for heads that decode tokens.",
  ]
}
