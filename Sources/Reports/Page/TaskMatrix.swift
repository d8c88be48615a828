internal import Outcomes

/// Tasks × policies: the share that each solved, with a bar.
enum TaskMatrix {
  static func table(_ rows: [AnswerRow], mode: EvaluationMode) -> PageTable {
    var listed: Set<String> = []
    let tasks = rows.flatMap { $0.tasks.map(\.name) }.filter { listed.insert($0).inserted }
    return PageTable(
      id: "tasks-\(mode.rawValue)",
      caption: mode == .rollout
        ? "Success at some time by task, % of episodes" : "Key-frame match by task, % of queries",
      headings: [.init(text: "task")]
        + rows.map { .init(content: heading($0, among: rows), isNumber: true) },
      rows: tasks.map { task in
        PageTable.Row(
          cells: [.init(task)] + rows.map { cell(of: task, in: $0, mode: mode) }, task: task)
      },
      notes: [
        "The bar is the share, the line on it its 95 % Wilson interval; the tables of all numbers"
          + " have the ends. – means that nothing was recorded."
      ])
  }

  /// Without the policy where there is but one.
  private static func heading(_ row: AnswerRow, among rows: [AnswerRow]) -> Markup {
    let policies = Set(rows.filter { !$0.isScript }.map(\.policy))
    return policies.count > 1 ? row.heading : Markup(row.method)
  }

  private static func cell(
    of task: String, in row: AnswerRow, mode: EvaluationMode
  ) -> PageTable.Cell {
    let group = row.tasks.first { $0.name == task }
    let share = mode == .rollout ? group?.closedLoop?.successOnce : group?.keyframeMatch
    guard let share else { return .init(number: nil, Markup("–")) }
    return .init(
      number: share.rate,
      PageBar.share(share)
        + PageBar.value([Markup(NumberFormat.percent().text(share.rate))]))
  }
}
