/// Policies of several runs, one row each: how well, at what cost.
package enum SideBySideTable {
  private typealias Source = ColumnSource<PolicyRow>

  package static func table(_ sideBySide: SideBySide) -> Table {
    Table(
      name: "side_by_side", title: "Closed-loop success of policies in '\(sideBySide.suite)'",
      notes: notes(sideBySide),
      columns: names(sideBySide) + success + (sideBySide.hasSeeds ? seeds : []) + tasks
        + cost(sideBySide.rows.map(\.group)),
      of: sideBySide.rows)
  }

  /// What a reader of unfinished runs must know.
  static func partialNote(_ sideBySide: SideBySide) -> [String] {
    sideBySide.isPartial ? ["PARTIAL: some runs lack episodes that their plans ask for."] : []
  }

  private static func names(_ sideBySide: SideBySide) -> [Source] {
    let names = [
      Source(.init("policy", isGroup: true)) { .text($0.name.policy) },
      Source(.init("method")) { .text($0.name.method) },
    ]
    let wording = [Source(.init("wording")) { .text($0.name.wording.rawValue) }]
    return names + (sideBySide.hasWordings ? wording : []) + [
      Source(.init("episodes", "epi-\nsodes")) { .init($0.episodes) }
    ]
  }

  private static var success: [Source] {
    [
      Source(.init("success_once", "success\nonce\n%", format: .percent())) {
        .number($0.success.rate)
      },
      Source(
        .init("success_once_interval", "95 %\ninterval", format: .percent(), audience: .people)
      ) { .init(interval: $0.success) },
      Source(.init("success_once_lower_95", audience: .data)) { .init($0.success.lower) },
      Source(.init("success_once_upper_95", audience: .data)) { .init($0.success.upper) },
    ]
  }

  /// Only where a row is of several seeds.
  private static var seeds: [Source] {
    let percent = NumberFormat.percent()
    return [
      Source(.init("interval_of", "interval\nof", audience: .roomy)) {
        .text($0.seeds.isEmpty ? "Wilson" : "bootstrap")
      },
      Source(.init("seeds", audience: .roomy)) { row in
        row.seeds.isEmpty ? .empty : .init(row.seeds.count)
      },
      Source(.init("seed_rates", "each seed\n%", audience: .people)) { row in
        let rates = row.seeds.map { percent.text($0.rate) }
        return rates.isEmpty ? .empty : .text(rates.joined(separator: ", "))
      },
      Source(.init("seed_success_once", audience: .data)) { row in
        let rates = row.seeds.map { "\($0.seed)=\(Table.plainText($0.rate))" }
        return rates.isEmpty ? .empty : .text(rates.joined(separator: " "))
      },
    ]
  }

  private static var tasks: [Source] {
    [
      Source(.init("worst_task_success_once", "worst\ntask\n%", format: .percent())) {
        .init($0.worstTask?.closedLoop?.successOnce.rate)
      },
      Source(.init("worst_task", "which", audience: [.document, .data])) { row in
        row.worstTask.map { .text($0.name) } ?? .empty
      },
      Source(
        .init(
          "success_at_end", "success\nat end\n%", format: .percent(),
          audience: [.document, .data])
      ) { .init($0.group.closedLoop?.successAtEnd.rate) },
      Source(
        .init(
          "actions_mean", "actions", format: NumberFormat(decimals: 2),
          audience: [.document, .data])
      ) { .init($0.group.closedLoop?.actions) },
    ]
  }

  private static func cost(_ groups: [GroupSummary]) -> [Source] {
    let unit = UnitPrefix.large(groups.compactMap { $0.executed?.languageModel })
    let time = UnitPrefix.small(groups.compactMap { $0.latency?.total.p95 })
    return [
      Source(.init("layers_executed", "layers\nrun", format: NumberFormat(decimals: 2))) {
        .init($0.group.layersExecuted)
      },
      Source(.init("language_model_nominal_macs", audience: .data)) {
        .init($0.group.nominal?.languageModel)
      },
      Source(
        .init(
          "language_model_executed_macs", "language\n\(unit.symbol)MAC", format: unit.format)
      ) { .init($0.group.executed?.languageModel) },
      Source(.init("total_executed_macs", audience: .data)) { .init($0.group.executed?.total) },
      Source(
        .init("measured_p50_s", "p50\n\(time.symbol)s", format: time.format, audience: .roomy)
      ) { .init($0.group.latency?.total.p50) },
    ]
  }

  private static func notes(_ sideBySide: SideBySide) -> [String] {
    let seeds =
      "Interval: Wilson's over episodes for one policy. A policy of several training seeds is the mean"
      + " of their rates over the episodes that all of them saw; its interval is a percentile"
      + " bootstrap of \(sideBySide.draws) draws that takes seeds and episodes again, the same"
      + " episodes of each task for every seed. Few seeds tell little of how seeds vary, so it is"
      + " rather too short."
    return [
      "success once: share of the episodes that the simulator found solved at some time; worst task:"
        + " the least share of any task. It is success in these worlds and says nothing of others.",
      sideBySide.hasSeeds ? seeds : "Interval: Wilson, over episodes.",
      "layers run, language MAC (router and language layers, executed), p50 (measured, a whole query):"
        + " per query; 1 MAC = 2 FLOPs. Of several seeds the mean of each number.",
    ] + partialNote(sideBySide)
  }
}

extension SideBySide {
  /// Every table of rollouts side by side.
  package var tables: [Table] {
    [
      SideBySideTable.table(self), MethodTaskTable.table(self), PairedTable.table(self),
      SuccessCurveTable.table(self),
      RouterHealthTable.table(self), ParaphraseTable.table(self), GripperUsageTable.table(self),
    ].compactMap(\.self)
  }
}

extension PolicyRow {
  /// Policy and method in one, and the wording where it is not the usual one.
  var title: String {
    let words = name.wording == .default ? "" : ", \(name.wording.rawValue) wording"
    return "\(name.policy), \(name.method)\(words)"
  }
}
