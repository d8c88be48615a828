internal import Outcomes

/// A row a method and a column a task, as papers show it: the rates, their mean, and what the method
/// computes and takes.
package enum MethodTaskTable {
  /// A method of a run, or a policy with one.
  private struct Row {
    var policy: String
    var method: String
    /// By task.
    var rates: [String: Double]
    var mean: Double?
    var group: GroupSummary
    /// Over all tasks.
    var reduction: Double?
    var timeRatio: Double?

    init(_ method: MethodSummary, rate: (GroupSummary) -> Double?) {
      policy = ""
      self.method = method.name
      rates = MethodTaskTable.rates(method.tasks, rate)
      mean = rate(method.meanOverTasks)
      group = method.pooled
      reduction = method.pooled.againstDense?.languageModelReduction
      timeRatio = method.pooled.againstDense?.totalTimeRatio
    }

    /// - Parameter base: What it is held against.
    init(_ row: PolicyRow, base: GroupSummary?) {
      policy = row.name.policy
      method = row.methodAndWording
      rates = MethodTaskTable.rates(row.tasks) { $0.closedLoop?.successOnce.rate }
      mean = MethodTaskTable.mean(row.tasks.compactMap { $0.closedLoop?.successOnce.rate })
      group = row.group
      reduction = MethodTaskTable.ratio(
        base?.executed?.languageModel, row.group.executed?.languageModel)
      timeRatio = MethodTaskTable.ratio(
        row.group.latency?.total.mean, base?.latency?.total.mean)
    }
  }

  /// The methods of one run: closed-loop success, or in replay key-frame match.
  package static func table(_ summary: RunSummary) -> Table {
    let measure = summary.mode == .rollout ? success : match
    let rows = summary.methods.map { Row($0, rate: measure.rate) }
    return Table(
      name: "methods_by_task", title: "\(measure.title) of methods in '\(summary.suite)', by task",
      notes: [measure.note + means, cost] + MainTable.batchNote(summary)
        + MainTable.partialNote(summary),
      columns: names(hasPolicies: false)
        + columns(rows, tasks: summary.methods.first?.tasks.map(\.name) ?? [], key: measure.key),
      of: rows)
  }

  /// The policies of several rollouts, one row each, held against the dense one.
  package static func table(_ sideBySide: SideBySide) -> Table {
    let dense = sideBySide.rows.filter { $0.kind == RunSummary.denseMethod }
    let base = dense.first { $0.name.policy == RunSummary.denseMethod } ?? dense.first
    let rows = sideBySide.rows.map { Row($0, base: base?.group) }
    let tasks = sideBySide.rows.flatMap { $0.tasks.map(\.name) }.inOrder
    return Table(
      name: "policies_by_task",
      title: "\(success.title) of policies in '\(sideBySide.suite)', by task",
      notes: [success.note + means, cost] + SideBySideTable.partialNote(sideBySide),
      columns: names(hasPolicies: true) + columns(rows, tasks: tasks, key: success.key), of: rows)
  }

  private static func rates(
    _ tasks: [GroupSummary], _ rate: (GroupSummary) -> Double?
  ) -> [String: Double] {
    Dictionary(
      tasks.compactMap { task in rate(task).map { (task.name, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func ratio(_ over: Double?, _ under: Double?) -> Double? {
    guard let over, let under, under > 0 else { return nil }
    return over / under
  }

  private static func names(hasPolicies: Bool) -> [ColumnSource<Row>] {
    let policy = ColumnSource<Row>(.init("policy", isGroup: true)) { .text($0.policy) }
    let method = ColumnSource<Row>(.init("method")) { .text($0.method) }
    return hasPolicies ? [policy, method] : [method]
  }

  private static func columns(
    _ rows: [Row], tasks: [String], key: String
  ) -> [ColumnSource<Row>] {
    let percent = NumberFormat.percent()
    let byTask = tasks.map { task in
      ColumnSource<Row>(
        .init(
          "\(task)_\(key)", task.replacing("_", with: "\n"), format: percent, audience: .roomy)
      ) { .init($0.rates[task]) }
    }
    let mean = ColumnSource<Row>(.init("mean_\(key)", "mean", format: percent)) {
      .init($0.mean)
    }
    return byTask + [mean] + costColumns(rows.map(\.group))
  }

  private static func costColumns(_ groups: [GroupSummary]) -> [ColumnSource<Row>] {
    let unit = UnitPrefix.large(groups.compactMap { $0.executed?.languageModel })
    let time = UnitPrefix.small(groups.compactMap { $0.latency?.total.mean })
    let factor = NumberFormat(decimals: 2)
    return [
      ColumnSource(
        .init(
          "language_model_executed_macs", "language\n\(unit.symbol)MAC", format: unit.format)
      ) { .init($0.group.executed?.languageModel) },
      ColumnSource(.init("language_model_reduction_factor", "÷\ndense", format: factor)) {
        .init($0.reduction)
      },
      ColumnSource(
        .init("language_model_reduction", "less\n%", format: .percent(), audience: .roomy)
      ) { .init($0.reduction.map { 1 - 1 / $0 }) },
      ColumnSource(.init("measured_mean_s", "time\n\(time.symbol)s", format: time.format)) {
        .init($0.group.latency?.total.mean)
      },
      ColumnSource(
        .init("measured_mean_ratio_to_dense", "time\n÷ dense", format: factor, audience: .roomy)
      ) { .init($0.timeRatio) },
    ]
  }

  /// What is averaged.
  private struct Measure {
    let key: String
    let title: String
    let note: String
    let rate: @Sendable (GroupSummary) -> Double?
  }

  private static let success = Measure(
    key: "success_once", title: "Closed-loop success",
    note: "Percent of the episodes that the simulator found solved at some time; success in these"
      + " worlds and no others.",
    rate: { $0.closedLoop?.successOnce.rate })
  private static let match = Measure(
    key: "keyframe_match", title: "Key-frame match",
    note:
      "Percent of the queries whose answer matches the demonstrated key frame: an offline number,"
      + " not success.",
    rate: { $0.keyframeMatch?.rate })
  private static let means =
    " mean: the unweighted mean of the tasks. The table 'main' or 'side_by_side' has intervals."
  private static let cost =
    "language MAC: executed by router and language layers, mean per query over all tasks, the"
    + " paper's \"FLOPs (G)\"; 1 MAC = 2 FLOPs. ÷ dense: dense MACs over these; less: the share that"
    + " is saved. time: measured mean of a whole query, without warm-up; ÷ dense: over the dense"
    + " method's."
}

extension PolicyRow {
  fileprivate var methodAndWording: String {
    name.wording == .default ? name.method : "\(name.method), \(name.wording.rawValue) wording"
  }
}
