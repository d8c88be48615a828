internal import Statistics

extension PublishedComparison {
  private typealias Source = ColumnSource<Pair>

  static var columns: [ColumnSource<Pair>] { names + success + ours + cost + origin }

  private static var names: [Source] {
    [
      Source(.init("published_row", "published\nrow")) { .text($0.published.row) },
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

  private static var success: [Source] {
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
      Source(.init("comparison", "success\ncompared")) { .text($0.verdict) },
    ]
  }

  private static var cost: [Source] {
    let factor = NumberFormat(decimals: 2)
    return [
      Source(.init("published_reduction", "÷ its\ndense", format: factor)) {
        .init($0.reduction)
      },
      Source(.init("our_reduction", "÷ our\ndense", format: factor)) {
        .init($0.ours?.reduction)
      },
      Source(
        .init(
          "published_language_gflops", "“FLOPs\n(G)”", format: NumberFormat(decimals: 1),
          audience: .roomy)
      ) { .init($0.published.languageGFLOPs) },
      Source(
        .init(
          "published_seconds", "seconds", format: NumberFormat(decimals: 3), audience: .roomy)
      ) { .init($0.published.seconds ?? $0.published.hertz.map { 1 / $0 }) },
    ]
  }

  private static var origin: [Source] {
    [
      Source(.init("evidence", audience: [.document, .data])) { .text($0.published.evidence) },
      Source(.init("source", audience: .data)) { .text($0.published.source) },
    ]
  }

  static let notes = [
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
