/// The columns of what a query cost, the same for every mode.
extension GroupRow {
  static func compute(_ groups: [GroupSummary]) -> [ColumnSource<GroupRow>] {
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

  static func latency(_ groups: [GroupSummary]) -> [ColumnSource<GroupRow>] {
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

  /// What the columns of cost mean.
  static let costNotes = [
    "layers run: mean per query; a layer that saw half of the tokens counts half.",
    "language MAC: executed by router and language layers, mean per query, the paper's"
      + " \"FLOPs (G)\"; 1 MAC = 2 FLOPs. ÷ dense: dense MACs over these.",
    "p50, p95: measured time of a whole query, without warm-up. language time ÷ dense: measured"
      + " mean time of router and language layers over the dense method's.",
  ]
}
