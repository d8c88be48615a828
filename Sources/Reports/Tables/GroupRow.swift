/// A row of a run's main table: a task of a method, or what sums up its tasks.
struct GroupRow {
  var method: String
  var kind: String
  var group: GroupSummary

  /// Method by method the tasks, their mean, and all of them as one sample.
  ///
  /// - Parameter isBrief: Whether means over a single task, which repeat its row, are left out.
  static func rows(of summary: RunSummary, isBrief: Bool) -> [GroupRow] {
    summary.methods.flatMap { method in
      let tasks = method.tasks.map { GroupRow(method: method.name, kind: "task", group: $0) }
      let means = [
        GroupRow(method: method.name, kind: "mean_over_tasks", group: method.meanOverTasks),
        GroupRow(method: method.name, kind: "pooled", group: method.pooled),
      ]
      return isBrief && tasks.count == 1 ? tasks : tasks + means
    }
  }

  static var names: [ColumnSource<GroupRow>] {
    [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("row", audience: .data)) { .text($0.kind) },
      ColumnSource(.init("task")) { .text($0.group.name) },
      ColumnSource(.init("episodes", "epi-\nsodes", audience: .roomy)) { .init($0.group.episodes) },
      ColumnSource(.init("queries", audience: [.document, .data])) { .init($0.group.queries) },
      ColumnSource(.init("invalid_answers", audience: .data)) { .init($0.group.invalidAnswers) },
    ]
  }

  /// A share in percent with its interval, which data files hold as two numbers.
  ///
  /// - Parameters:
  ///   - key: The share's name in data files.
  ///   - stem: The beginning of its interval's names there.
  ///   - heading: For people.
  ///   - audience: Who sees the share.
  ///   - intervalAudience: Which people see the interval.
  ///   - share: Where it comes from.
  static func share(
    _ key: String, stem: String, heading: String, audience: Table.Audience = .all,
    intervalAudience: Table.Audience = .people, _ share: @escaping (GroupSummary) -> Proportion?
  ) -> [ColumnSource<GroupRow>] {
    let percent = NumberFormat.percent()
    return [
      ColumnSource(.init(key, heading, format: percent, audience: audience)) {
        .init(share($0.group)?.rate)
      },
      ColumnSource(
        .init(
          "\(stem)_interval", "95 %\ninterval", format: percent, audience: intervalAudience)
      ) { .init(interval: share($0.group)) },
      ColumnSource(.init("\(stem)_lower_95", audience: .data)) { .init(share($0.group)?.lower) },
      ColumnSource(.init("\(stem)_upper_95", audience: .data)) { .init(share($0.group)?.upper) },
    ]
  }
}

extension Table.Cell {
  /// The ends of a proportion's interval; empty where it has none.
  init(interval proportion: Proportion?) {
    guard let lower = proportion?.lower, let upper = proportion?.upper else {
      self = .empty
      return
    }
    self = .interval(lower, upper)
  }
}
