/// Method × layers run: how long queries take, and how often too long for a rate of control.
package enum LatencyTable {
  private struct Row {
    var method: String
    var profile: LatencyProfile
    var row: LatencyRow
    var isAll: Bool { row.layers == nil }
  }

  /// - Returns: `nil` where nothing was timed.
  package static func table(_ summary: RunSummary) -> Table? {
    // A script has nothing to wait for.
    let profiles = summary.methods.filter { $0.layerCount > 0 }.compactMap { method in
      method.latencyProfile.map { (name: method.name, profile: $0) }
    }
    guard !profiles.isEmpty else { return nil }
    let rows = profiles.flatMap { method in
      // One number of layers says what all say.
      let byLayers = method.profile.byLayers.count > 1 ? method.profile.byLayers : []
      return ([method.profile.all].compactMap(\.self) + byLayers).map {
        Row(method: method.name, profile: method.profile, row: $0)
      }
    }
    let batched = profiles.reduce(0) { $0 + $1.profile.batchedQueries }
    return Table(
      name: "latency", title: "Latency of queries in '\(summary.suite)'",
      notes: notes + batchNote(batched) + MainTable.partialNote(summary),
      columns: names + seconds(rows) + misses + rates, of: rows)
  }

  private static var names: [ColumnSource<Row>] {
    [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("layers_executed", "layers\nrun")) { row in
        row.row.layers.map { .text(String($0)) } ?? .text("all")
      },
      ColumnSource(.init("warmup_queries", "warm-\nup", audience: [.document, .data])) {
        $0.isAll ? .init($0.profile.warmupQueries) : .empty
      },
      ColumnSource(.init("queries")) { .init($0.row.queries) },
    ]
  }

  private static func seconds(_ rows: [Row]) -> [ColumnSource<Row>] {
    let unit = UnitPrefix.small(rows.map(\.row.p99))
    func column(
      _ name: String, audience: Table.Audience = .all, _ value: @escaping (LatencyRow) -> Double
    ) -> ColumnSource<Row> {
      ColumnSource(
        .init(
          "measured_\(name)_s", "\(name)\n\(unit.symbol)s", format: unit.format,
          audience: audience)
      ) { .number(value($0.row)) }
    }
    return [
      column("mean", audience: .data, \.mean), column("p50", \.p50),
      column("p90", audience: .roomy, \.p90), column("p95", \.p95), column("p99", \.p99),
      column("max", \.max),
    ]
  }

  private static var misses: [ColumnSource<Row>] {
    let percent = NumberFormat.percent()
    return LatencyRow.rates.indices.flatMap { index -> [ColumnSource<Row>] in
      let rate = Table.plainText(LatencyRow.rates[index])
      func miss(_ row: Row) -> Proportion? {
        row.row.misses.indices.contains(index) ? row.row.misses[index] : nil
      }
      let stem = "late_for_\(rate)_hz"
      return [
        ColumnSource(.init(stem, "late for\n\(rate) Hz\n%", format: percent)) {
          .init(miss($0)?.rate)
        },
        ColumnSource(
          .init("\(stem)_interval", "95 %\ninterval", format: percent, audience: [.document])
        ) { .init(interval: miss($0)) },
        ColumnSource(.init("\(stem)_lower_95", audience: .data)) { .init(miss($0)?.lower) },
        ColumnSource(.init("\(stem)_upper_95", audience: .data)) { .init(miss($0)?.upper) },
      ]
    }
  }

  private static var rates: [ColumnSource<Row>] {
    let format = NumberFormat(decimals: 2)
    return [
      ColumnSource(.init("query_rate_hz", "queries\nper s", format: format)) {
        .init($0.row.queryRate)
      },
      ColumnSource(.init("action_rate_hz", "actions\nper s", format: format)) {
        .init($0.isAll ? $0.profile.actionRate : nil)
      },
    ]
  }

  private static let notes = [
    "Measured time of a whole query, asked alone. The warm-up queries, whose number stands beside a"
      + " method, came before and are in no journal. layers run: to the nearest whole layer.",
    "late for: share of the queries that took longer than the rate's period, 200, 100 and 50 ms."
      + " Interval: Wilson, over queries taken as independent, which those of one episode are not"
      + " quite.",
    "queries per s: one over the mean. actions per s: actions carried out over the time that the"
      + " episodes waited for the policy, the rate of control where the robot itself takes no time;"
      + " answers of several actions make it higher.",
  ]

  private static func batchNote(_ batched: Int) -> [String] {
    guard batched > 0 else { return [] }
    return [
      "BATCHED: \(batched) queries were answered together with others; their times are no latencies"
        + " and are left out. Run with '--batch 1' for them."
    ]
  }
}
