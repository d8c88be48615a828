internal import Foundation
internal import Outcomes

/// What the numbers say, in a few sentences above the first table.
enum AnswerSentences {
  /// More comparisons than these are left to their table.
  private static let limit = 6

  /// Networks against the base; what a script does is no news.
  static func comparisons(_ sideBySide: SideBySide, rows: [AnswerRow]) -> [String] {
    let networks = Set(sideBySide.rows.filter { $0.layerCount > 0 }.map(\.name))
    return sideBySide.brief.comparisons.filter { networks.contains($0.row) }.prefix(limit)
      .compactMap { sentence($0, rows: rows) }
  }

  /// The most successful network, or where there is none, script.
  static func best(_ all: [AnswerRow], mode: EvaluationMode) -> String? {
    let networks = all.filter { !$0.isScript }
    let rows = networks.isEmpty ? all : networks
    guard let best = rows.max(by: { ($0.rate?.rate ?? -1) < ($1.rate?.rate ?? -1) }),
      let rate = best.rate
    else { return nil }
    guard rate.rate > 0 else {
      return mode == .rollout ? "None solves an episode." : "In replay none matches a key frame."
    }
    let percent = NumberFormat.percent()
    var interval = ""
    if let lower = rate.lower, let upper = rate.upper {
      interval = " (95 %: \(Table.interval(percent.text(lower), percent.text(upper))))"
    }
    let ties = rows.count { $0.rate?.rate == rate.rate } - 1
    let others = ties > 0 ? ", and so \(ties == 1 ? "does one other" : "do \(ties) others")" : ""
    return mode == .rollout
      ? "\(best.name) solves most: \(percent.text(rate.rate)) %\(interval) of \(best.count)"
        + " episodes\(others)."
      : "\(best.name) comes nearest to the demonstrations: \(percent.text(rate.rate)) %\(interval) of"
        + " \(best.count) key frames match\(others)."
  }

  private static func sentence(_ comparison: PairedComparison, rows: [AnswerRow]) -> String? {
    guard let difference = comparison.difference else { return nil }
    let points = NumberFormat.percent()
    var text = "\(comparison.row.text) against \(comparison.base.text): "
    text += (difference.value > 0 ? "+" : "") + points.text(difference.value) + " points of success"
    if let lower = difference.lower, let upper = difference.upper {
      text += " (95 %: \(points.text(lower)) to \(points.text(upper)))"
    }
    text += " on \(comparison.episodes) shared episodes"
    if let counts = comparison.counts {
      text += ", McNemar p = \(String(format: "%.3f", counts.pValue))"
    }
    let row = rows.first {
      $0.policy == comparison.row.policy && $0.method == comparison.row.method
    }
    if let row, row.layerCount > 0, let reduction = row.reduction {
      text += ", for 1/\(String(format: "%.2f", reduction)) of the dense language-model MACs"
    }
    return text + "."
  }
}
