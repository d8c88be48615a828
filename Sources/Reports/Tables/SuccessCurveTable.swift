/// Success against the compute of the language model, family by family from the least compute to the
/// most: the numbers of the figure `success_against_compute`.
package enum SuccessCurveTable {
  private typealias Source = ColumnSource<PolicyRow>

  package static func table(_ sideBySide: SideBySide) -> Table {
    let rows = sideBySide.figureRows.filter { $0.group.executed != nil }
    let sorted = rows.map(\.family).inOrder.flatMap { family in
      rows.filter { $0.family == family }.sorted { $0.macs < $1.macs }
    }
    return Table(
      name: "success_against_compute",
      title: "Success against language-model compute in '\(sideBySide.suite)'",
      notes: notes(sideBySide), columns: columns(sorted), of: sorted)
  }

  private static func columns(_ rows: [PolicyRow]) -> [Source] {
    let unit = UnitPrefix.large(rows.map(\.macs))
    let percent = NumberFormat.percent()
    return [
      Source(.init("family", isGroup: true)) { .text($0.family) },
      Source(.init("policy")) { .text($0.name.policy) },
      Source(.init("method")) { .text($0.name.method) },
      Source(.init("seeds")) { .init(max(1, $0.seeds.count)) },
      Source(.init("layers_executed", "layers\nrun", format: NumberFormat(decimals: 2))) {
        .init($0.group.layersExecuted)
      },
      Source(.init("layers_executed_share", "of all\nlayers\n%", format: percent)) { row in
        .init(
          row.layerCount == 0 ? nil : row.group.layersExecuted.map { $0 / Double(row.layerCount) })
      },
      Source(
        .init(
          "language_model_executed_macs", "language\n\(unit.symbol)MAC", format: unit.format)
      ) { .number($0.macs) },
      Source(.init("success_once", "success\nonce\n%", format: percent)) {
        .number($0.success.rate)
      },
      Source(
        .init("success_once_interval", "95 %\ninterval", format: percent, audience: .people)
      ) { .init(interval: $0.success) },
      Source(.init("success_once_lower_95", audience: .data)) { .init($0.success.lower) },
      Source(.init("success_once_upper_95", audience: .data)) { .init($0.success.upper) },
      Source(.init("on_frontier", "on the\nfrontier")) { row in
        row.frontier.map { .text($0.isOn ? "yes" : "no") } ?? .empty
      },
      Source(.init("frontier_probability", "in draws\n%", format: percent)) {
        .init($0.frontier?.probability)
      },
      Source(.init("frontier_draws", audience: .data)) {
        .init($0.frontier.map { Double($0.draws) })
      },
    ]
  }

  private static func notes(_ sideBySide: SideBySide) -> [String] {
    [
      "A family is one policy, its training seeds as their mean, with one kind of method in different"
        + " amounts. Intervals as in the table 'side_by_side'. language MAC: executed by router and"
        + " language layers, mean per query; 1 MAC = 2 FLOPs.",
      "on the frontier: no other row does at least as well with at most as much compute, and better in"
        + " one of them; scripts, which compute nothing, are left aside. in draws: how often that held"
        + " when the episodes of each task were drawn again, the same ones for every policy, and"
        + " training seeds as well.",
    ] + SideBySideTable.partialNote(sideBySide)
  }
}

extension PolicyRow {
  /// Of router and language layers, executed, mean per query.
  fileprivate var macs: Double { group.executed?.languageModel ?? 0 }
}
