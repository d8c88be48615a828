internal import Outcomes

/// A policy with a method as the page's first table shows it.
struct AnswerRow {
  /// What the run calls the policy; empty for a single unnamed one.
  var policy: String
  var method: String
  /// The method without its amount.
  var kind: String
  /// Episodes of a closed loop, queries of a replay.
  var count: Int
  var rate: Proportion?
  var group: GroupSummary
  var tasks: [GroupSummary]
  var layerCount: Int
  /// Dense MACs of the language model over these.
  var reduction: Double?
  /// The mean time of the whole query over the dense method's.
  var timeRatio: Double?

  var name: String { policy.isEmpty ? method : "\(policy) · \(method)" }
  var isScript: Bool { layerCount == 0 }

  /// The policy in small letters before the method.
  var heading: Markup {
    (policy.isEmpty ? .none : Markup("span", ["class": "of"], policy) + Markup(" "))
      + Markup("span", ["class": "method"], method)
  }
}

extension AnswerRow {
  /// The rows of one run.
  static func rows(of summary: RunSummary, policy: String) -> [AnswerRow] {
    summary.methods.map { method in
      let group = method.pooled
      let isReplay = summary.mode == .replay
      return AnswerRow(
        policy: method.layerCount == 0 ? PolicyLabel.script.text : policy, method: method.name,
        kind: String(method.name.prefix { $0 != ":" }),
        count: isReplay ? group.queries : group.closedLoop?.episodes ?? 0,
        rate: isReplay ? group.keyframeMatch : group.closedLoop?.successOnce, group: group,
        tasks: method.tasks, layerCount: method.layerCount,
        reduction: group.againstDense?.languageModelReduction,
        timeRatio: group.againstDense?.totalTimeRatio)
    }
  }

  /// The rows of rollouts side by side, seeds of one policy as their mean; factors are against the
  /// dense method of the same policy, or else the first dense one.
  static func rows(of sideBySide: SideBySide) -> [AnswerRow] {
    let rows = sideBySide.brief.rows
    return rows.map { row in
      let dense = AnswerRow.dense(for: row, among: rows)
      return AnswerRow(
        policy: row.name.policy, method: row.wordedMethod, kind: row.kind,
        count: row.episodes,
        rate: row.success, group: row.group, tasks: row.tasks, layerCount: row.layerCount,
        reduction: ratio(
          dense?.group.executed?.languageModel, row.group.executed?.languageModel),
        timeRatio: ratio(row.group.latency?.total.mean, dense?.group.latency?.total.mean))
    }
  }

  private static func dense(for row: PolicyRow, among rows: [PolicyRow]) -> PolicyRow? {
    guard row.layerCount > 0 else { return nil }
    let dense = rows.filter { $0.kind == RunSummary.denseMethod }
    return dense.first {
      $0.name.policy == row.name.policy && $0.name.wording == row.name.wording
    } ?? dense.first
  }

  private static func ratio(_ over: Double?, _ under: Double?) -> Double? {
    guard let over, let under, under > 0 else { return nil }
    return over / under
  }
}

extension PolicyRow {
  fileprivate var wordedMethod: String {
    name.wording == .default ? name.method : "\(name.method), \(name.wording.rawValue) wording"
  }
}
