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
  private struct Pair {
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
    let (low, high) = PublishedComparison.difference(own, interval)
    let percent = NumberFormat.percent()
    let words = low <= 0 && high >= 0 ? "compatible" : "differs"
    return "\(words): \(percent.text(low)) to \(percent.text(high)) points"
  }

  /// The interval of first less second by Newcombe's hybrid of score intervals (1998, method 10).
  private static func difference(
    _ first: ProportionInterval, _ second: ProportionInterval
  ) -> (lower: Double, upper: Double) {
    func distance(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
    let difference = first.estimate - second.estimate
    return (
      difference - distance(first.estimate - first.lower, second.upper - second.estimate),
      difference + distance(first.upper - first.estimate, second.estimate - second.lower)
    )
  }
}

extension PublishedComparison {
  private typealias Source = ColumnSource<Pair>

  private static var columns: [Source] { names + numbers + ours }

  private static var names: [Source] {
    [
      Source(.init("published_row", "published\nrow", isGroup: false)) { .text($0.published.row) },
      Source(.init("paper", audience: .data)) { .text($0.published.paper) },
      Source(.init("table", "from")) { .text("\($0.published.version), \($0.published.table)") },
      Source(.init("layers_kept", "layers\nkept")) { pair in
        guard let kept = pair.published.layersKept, let all = pair.published.layers else {
          return .text("–")
        }
        return .text("\(kept) of \(all)")
      },
    ]
  }

  private static var numbers: [Source] {
    let percent = NumberFormat.percent()
    return [
      Source(.init("published_success", "published\nsuccess %", format: percent)) {
        .number($0.published.successPercent / 100)
      },
      Source(
        .init(
          "published_interval", "implied\n95 %", format: percent, audience: .people)
      ) { pair in
        pair.published.impliedInterval.map { .interval($0.lower, $0.upper) } ?? .empty
      },
      Source(.init("published_lower_95", audience: .data)) {
        .init($0.published.impliedInterval?.lower)
      },
      Source(.init("published_upper_95", audience: .data)) {
        .init($0.published.impliedInterval?.upper)
      },
      Source(.init("published_trials", audience: .data)) {
        .init($0.published.counts.map { Double($0.trials) })
      },
      Source(
        .init(
          "published_language_gflops", "“FLOPs\n(G)”", format: NumberFormat(decimals: 1),
          audience: .roomy)
      ) { .init($0.published.languageGFLOPs) },
      Source(
        .init("published_reduction", "÷ its\ndense", format: NumberFormat(decimals: 2))
      ) { .init($0.reduction) },
      Source(
        .init(
          "published_seconds", "seconds", format: NumberFormat(decimals: 3), audience: .roomy)
      ) { .init($0.published.seconds ?? $0.published.hertz.map { 1 / $0 }) },
      Source(.init("evidence", audience: [.document, .data])) { .text($0.published.evidence) },
      Source(.init("source", audience: .data)) { .text($0.published.source) },
    ]
  }

  private static var ours: [Source] {
    let percent = NumberFormat.percent()
    return [
      Source(.init("ours", "ours, in\nother worlds")) { .text($0.ours?.name ?? "–") },
      Source(.init("our_success_once", "our\nsuccess %", format: percent)) {
        .init($0.ours?.rate?.rate)
      },
      Source(
        .init("our_interval", "our\n95 %", format: percent, audience: [.document])
      ) { .init(interval: $0.ours?.rate) },
      Source(
        .init("our_reduction", "÷ our\ndense", format: NumberFormat(decimals: 2))
      ) { .init($0.ours?.reduction) },
      Source(.init("comparison", "success\ncompared")) { .text($0.verdict) },
    ]
  }

  private static let notes = [
    "The worlds differ: ours are RLBench-style, with geometry, success conditions and policies of our"
      + " own. That a rate agrees confirms nothing, and that it differs refutes nothing; what may be"
      + " read across is how success changes with compute.",
    "implied 95 %: Wilson's interval of the printed mean if the paper's trials were drawn from one"
      + " rate; the paper gives none. compared: ours less published, Newcombe's interval; compatible"
      + " where it holds 0. Only rows of the same kind of method with the same share of the layers"
      + " are compared, and only on the ten tasks of the paper's names.",
    "“FLOPs (G)” as printed: multiply-accumulates of the language model, router included. seconds: one"
      + " query on the paper's RTX 4090D (1 / Hz where it prints Hz). evidence P2: two or more"
      + " independent reading notes of the paper agree; P1: one note.",
  ]
}
