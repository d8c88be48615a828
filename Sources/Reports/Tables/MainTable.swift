/// Method × task with the mean over tasks: how near to the demonstration, at what cost.
package enum MainTable {
  private struct Row {
    var method: String
    var kind: String
    var group: GroupSummary
  }

  /// - Parameter isBrief: Whether means over a single task, which repeat its row, are left out.
  package static func table(_ summary: RunSummary, isBrief: Bool = false) -> Table {
    let rows = summary.methods.flatMap { method in
      let tasks = method.tasks.map { Row(method: method.name, kind: "task", group: $0) }
      let means = [
        Row(method: method.name, kind: "mean_over_tasks", group: method.meanOverTasks),
        Row(method: method.name, kind: "pooled", group: method.pooled),
      ]
      return isBrief && tasks.count == 1 ? tasks : tasks + means
    }
    let columns = names + accuracy + compute(rows.map(\.group)) + latency(rows.map(\.group))
    return Table(
      name: "main", title: "Key-frame match and compute in '\(summary.suite)'",
      notes: notes(summary), columns: columns, of: rows)
  }

  private static var names: [ColumnSource<Row>] {
    [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("row", audience: .data)) { .text($0.kind) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(.init("episodes", "epi-\nsodes", audience: .roomy)) { .init($0.group.episodes) },
      ColumnSource(.init("queries", audience: [.document, .data])) { .init($0.group.queries) },
      ColumnSource(.init("invalid_answers", audience: .data)) { .init($0.group.invalidAnswers) },
    ]
  }

  private static var accuracy: [ColumnSource<Row>] {
    let percent = NumberFormat.percent()
    return [
      ColumnSource(.init("keyframe_match_rate", "match\n%", format: percent)) {
        .init($0.group.keyframeMatch?.rate)
      },
      ColumnSource(.init("interval", "95 %\ninterval", format: percent, audience: .people)) {
        interval($0.group.keyframeMatch)
      },
      ColumnSource(.init("keyframe_match_lower_95", audience: .data)) {
        .init($0.group.keyframeMatch?.lower)
      },
      ColumnSource(.init("keyframe_match_upper_95", audience: .data)) {
        .init($0.group.keyframeMatch?.upper)
      },
      ColumnSource(
        .init(
          "episode_match_rate", "match\nper episode\n%", format: percent,
          audience: [.document, .data])
      ) { .init($0.group.episodeMatchRate) },
      ColumnSource(
        .init("position_error_median_m", "position\nm", format: NumberFormat(decimals: 4))
      ) { .init($0.group.positionError?.median) },
      ColumnSource(.init("position_error_mean_m", audience: .data)) {
        .init($0.group.positionError?.mean)
      },
      ColumnSource(
        .init("rotation_error_median_deg", "rotation\ndeg", format: NumberFormat(decimals: 2))
      ) { .init($0.group.rotationError?.median) },
      ColumnSource(.init("rotation_error_mean_deg", audience: .data)) {
        .init($0.group.rotationError?.mean)
      },
      ColumnSource(.init("gripper_agreement", "gripper\n%", format: percent, audience: .roomy)) {
        .init($0.group.gripperAgreement)
      },
    ]
  }

  private static func interval(_ proportion: Proportion?) -> Table.Cell {
    guard let lower = proportion?.lower, let upper = proportion?.upper else { return .empty }
    return .interval(lower, upper)
  }

  private static func compute(_ groups: [GroupSummary]) -> [ColumnSource<Row>] {
    let unit = UnitPrefix.large(groups.compactMap { $0.executed?.languageModel })
    return [
      ColumnSource(
        .init("layers_executed", "layers\nrun", format: NumberFormat(decimals: 2))
      ) { .init($0.group.layersExecuted) },
      ColumnSource(.init("language_model_nominal_macs", audience: .data)) {
        .init($0.group.nominal?.languageModel)
      },
      ColumnSource(
        .init(
          "language_model_executed_macs", "language\n\(unit.symbol)MAC", format: unit.format)
      ) { .init($0.group.executed?.languageModel) },
      ColumnSource(.init("language_model_executed_flops_2_per_mac", audience: .data)) {
        .init(($0.group.executed?.languageModel).map { 2 * $0 })
      },
      ColumnSource(
        .init("language_model_reduction_factor", "÷\ndense", format: NumberFormat(decimals: 2))
      ) { .init($0.group.againstDense?.languageModelReduction) },
      ColumnSource(
        .init(
          "language_model_reduction", "less\n%", format: .percent(), audience: [.document, .data])
      ) { .init(($0.group.againstDense?.languageModelReduction).map { 1 - 1 / $0 }) },
      ColumnSource(.init("total_executed_macs", audience: .data)) {
        .init($0.group.executed?.total)
      },
      ColumnSource(.init("total_executed_flops_2_per_mac", audience: .data)) {
        .init(($0.group.executed?.total).map { 2 * $0 })
      },
      ColumnSource(.init("total_reduction_factor", audience: .data)) {
        .init($0.group.againstDense?.totalReduction)
      },
    ]
  }

  private static func latency(_ groups: [GroupSummary]) -> [ColumnSource<Row>] {
    let unit = UnitPrefix.small(groups.compactMap { $0.latency?.total.p95 })
    return [
      ColumnSource(.init("measured_p50_s", "p50\n\(unit.symbol)s", format: unit.format)) {
        .init($0.group.latency?.total.p50)
      },
      ColumnSource(
        .init(
          "measured_p95_s", "p95\n\(unit.symbol)s", format: unit.format, audience: .roomy)
      ) { .init($0.group.latency?.total.p95) },
      ColumnSource(.init("language_model_measured_mean_s", audience: .data)) {
        .init($0.group.latency?.languageModel.mean)
      },
      ColumnSource(
        .init(
          "language_model_time_ratio_to_dense", "language\ntime\n÷ dense",
          format: NumberFormat(decimals: 2), audience: .roomy)
      ) { .init($0.group.againstDense?.languageModelTimeRatio) },
    ]
  }

  private static func notes(_ summary: RunSummary) -> [String] {
    let position = Table.plainText(summary.positionTolerance)
    let rotation = Table.plainText(summary.rotationTolerance)
    var notes = [
      "match: share of the queries whose answer lies within \(position) m and \(rotation) degrees"
        + " of the demonstrated key pose, with the same gripper; an offline number, not success."
        + " Interval: Wilson, over queries taken as independent.",
      "position, rotation: median errors. mean over tasks: the unweighted mean of the task rows.",
      "layers run: mean per query; a layer that saw half of the tokens counts half.",
      "language MAC: executed by router and language layers, mean per query, the paper's"
        + " \"FLOPs (G)\"; 1 MAC = 2 FLOPs. ÷ dense: dense MACs over these.",
      "p50, p95: measured time of a whole query, without warm-up. language time ÷ dense: measured"
        + " mean time of router and language layers over the dense method's.",
    ]
    if summary.methods.contains(where: { $0.pooled.invalidAnswers > 0 }) {
      notes.append("Some answers were no actions; they match nothing and have no errors.")
    }
    return notes + partialNote(summary)
  }

  /// What a reader of an unfinished run, or of one shard, must know.
  static func partialNote(_ summary: RunSummary) -> [String] {
    guard summary.isPartial else { return [] }
    let done = summary.methods.reduce(0) { $0 + $1.pooled.episodes }
    let all = summary.plannedEpisodes.multipliedReportingOverflow(by: summary.methods.count)
    return ["PARTIAL: \(done) of \(all.partialValue) planned episodes."]
  }
}
