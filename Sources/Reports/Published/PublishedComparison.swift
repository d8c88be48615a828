internal import Outcomes
internal import Statistics

/// Published numbers, with ours beside them where that makes sense.
package struct PublishedComparison: Sendable {
  /// The suite of the ten tasks that the paper names; ours are made after RLBench's.
  private static let suite = "mole10"
  /// How far the shares of layers that ran may lie apart.
  private static let tolerance = 0.05

  private let published: [PublishedRow]
  private let suites: Set<String>

  /// - Parameters:
  ///   - published: The rows of the files.
  ///   - runs: Those of the report.
  package init(_ published: [PublishedRow], runs: [RunDirectory]) {
    self.published = published
    suites = Set(
      runs.filter { $0.manifest.plan.mode == .rollout }.map { run in
        let plan = run.manifest.plan
        return plan.perturbations.isEmpty ? plan.suite : plan.suite + ", perturbed"
      })
  }

  /// A published row, and one of ours.
  struct Pair {
    var published: PublishedRow
    /// The dense MACs over these.
    var reduction: Double?
    var ours: AnswerRow?
    var verdict: String
  }

  /// The table with our rollouts' rows beside.
  package func table(beside sideBySide: SideBySide?) -> Table {
    table(rows: sideBySide.map(AnswerRow.rows(of:)) ?? [])
  }

  func table(beside answers: [AnswerTable]) -> Table {
    table(rows: answers.first { $0.mode == .rollout }?.rows ?? [])
  }

  private func table(rows: [AnswerRow]) -> Table {
    Table(
      name: "published", title: "Published, RLBench: not our worlds, policies or machine",
      notes: PublishedComparison.notes, columns: PublishedComparison.columns,
      of: published.flatMap { pairs(of: $0, among: rows) })
  }

  private func pairs(of row: PublishedRow, among ours: [AnswerRow]) -> [Pair] {
    let alike = ours.filter { isAlike($0, row) }
    let reduction = reduction(of: row)
    guard !alike.isEmpty else {
      return [Pair(published: row, reduction: reduction, verdict: "no such row of ours")]
    }
    return alike.map {
      Pair(
        published: row, reduction: reduction, ours: $0, verdict: verdict(on: $0, against: row))
    }
  }

  /// The same kind of method with about the same share of the layers.
  private func isAlike(_ ours: AnswerRow, _ row: PublishedRow) -> Bool {
    guard ours.layerCount > 0, ours.kind == row.kind, let share = row.share,
      let layers = ours.group.layersExecuted
    else { return false }
    return abs(layers / Double(ours.layerCount) - share) <= PublishedComparison.tolerance
  }

  private func reduction(of row: PublishedRow) -> Double? {
    let base = published.first {
      ($0.paper, $0.version, $0.row) == (row.paper, row.version, row.base)
        && $0.languageGFLOPs != nil
    }
    guard let dense = base?.languageGFLOPs, let own = row.languageGFLOPs, own > 0 else {
      return nil
    }
    return dense / own
  }

  private func verdict(on ours: AnswerRow, against row: PublishedRow) -> String {
    guard suites == [PublishedComparison.suite], ours.tasks.count == row.tasks else {
      return "not compared: other tasks"
    }
    guard let interval = row.impliedInterval, let rate = ours.rate, let lower = rate.lower,
      let upper = rate.upper
    else { return "not compared: no interval" }
    let own = ProportionInterval(estimate: rate.rate, lower: lower, upper: upper)
    let difference = own.difference(from: interval)
    let (low, high) = (difference.lower, difference.upper)
    let percent = NumberFormat.percent()
    let words = low <= 0 && high >= 0 ? "compatible" : "differs"
    return "\(words): \(percent.text(low)) to \(percent.text(high)) points"
  }
}
