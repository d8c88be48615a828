internal import Manipulation

/// Method × part: where the work goes, nominal, executed and measured side by side.
package enum ComputeTable {
  private struct Row {
    var method: String
    var part: String
    var nominal: Double?
    var executed: Double?
    var dense: Double?
    var latency: Latency?
    var denseLatency: Latency?
  }

  package static func table(_ summary: RunSummary) -> Table {
    let dense = summary.methods.first { $0.name == RunSummary.denseMethod }?.pooled
    // A script computes nothing.
    let rows = summary.methods.filter { $0.layerCount > 0 }.flatMap {
      self.rows(of: $0, dense: dense)
    }
    return Table(
      name: "compute", title: "Compute of a query in '\(summary.suite)', by part",
      notes: notes + MainTable.batchNote(summary) + MainTable.partialNote(summary),
      columns: columns(rows), of: rows)
  }

  private static func rows(of method: MethodSummary, dense: GroupSummary?) -> [Row] {
    let group = method.pooled
    func row(
      _ name: String, _ macs: (MeanMACs) -> Double, _ latency: (LatencySummary) -> Latency?
    ) -> Row {
      Row(
        method: method.name, part: name, nominal: group.nominal.map(macs),
        executed: group.executed.map(macs), dense: dense?.executed.map(macs),
        latency: group.latency.flatMap(latency), denseLatency: dense?.latency.flatMap(latency))
    }
    return PolicyPart.allCases.map { part in
      row(part.rawValue, { $0.parts[part, default: 0] }, { $0.parts[part] })
    } + [
      row("language_model", \.languageModel, \.languageModel), row("total", \.total, \.total),
    ]
  }

  private static func columns(_ rows: [Row]) -> [ColumnSource<Row>] {
    names + compute(rows) + latency(rows)
  }

  private static var names: [ColumnSource<Row>] {
    [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("part")) { .text($0.part) },
    ]
  }

  private static func compute(_ rows: [Row]) -> [ColumnSource<Row>] {
    let unit = UnitPrefix.large(rows.flatMap { [$0.nominal, $0.executed].compactMap(\.self) })
    let flops = UnitPrefix.large(rows.compactMap { $0.executed.map { 2 * $0 } })
    return [
      ColumnSource(.init("nominal_macs", "nominal\n\(unit.symbol)MAC", format: unit.format)) {
        .init($0.nominal)
      },
      ColumnSource(.init("executed_macs", "executed\n\(unit.symbol)MAC", format: unit.format)) {
        .init($0.executed)
      },
      ColumnSource(
        .init(
          "executed_flops_2_per_mac", "executed\n\(flops.symbol)FLOP", format: flops.format)
      ) { .init($0.executed.map { 2 * $0 }) },
      ColumnSource(
        .init("reduction_factor", "÷\ndense", format: NumberFormat(decimals: 2))
      ) { .init(factor($0.dense, $0.executed)) },
      ColumnSource(.init("reduction", "less\n%", format: .percent())) {
        .init(ratio($0.executed, $0.dense).map { 1 - $0 })
      },
    ]
  }

  private static func latency(_ rows: [Row]) -> [ColumnSource<Row>] {
    let unit = UnitPrefix.small(rows.compactMap { $0.latency?.p95 })
    func seconds(_ key: String, _ name: String, _ value: @escaping (Latency) -> Double)
      -> ColumnSource<Row>
    {
      ColumnSource(
        .init("measured_\(key)_s", "measured\n\(name) \(unit.symbol)s", format: unit.format)
      ) { .init($0.latency.map(value)) }
    }
    return [
      seconds("p50", "p50", \.p50), seconds("p95", "p95", \.p95), seconds("mean", "mean", \.mean),
      ColumnSource(
        .init(
          "measured_mean_ratio_to_dense", "time\n÷ dense", format: NumberFormat(decimals: 2))
      ) { .init(ratio($0.latency?.mean, $0.denseLatency?.mean)) },
    ]
  }

  private static func ratio(_ over: Double?, _ under: Double?) -> Double? {
    guard let over, let under, under > 0 else { return nil }
    return over / under
  }

  /// How many times less; there is no answer where either does nothing.
  private static func factor(_ dense: Double?, _ executed: Double?) -> Double? {
    dense == 0 ? nil : ratio(dense, executed)
  }

  private static let notes = [
    "Means per query over all queries; 1 MAC = 2 FLOPs.",
    "nominal: what the layer masks and the published formulas say. executed: counted where it ran."
      + " measured: wall-clock time, without warm-up.",
    "language_model: router and language layers, the paper's \"FLOPs (G)\". total: all parts; its"
      + " time holds also what belongs to no part.",
    "÷ dense: dense MACs over these. time ÷ dense: this mean time over the dense method's.",
  ]
}
