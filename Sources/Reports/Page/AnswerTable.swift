internal import Outcomes

/// The page's first table: per policy and method how well, at what cost.
struct AnswerTable {
  let rows: [AnswerRow]
  let mode: EvaluationMode
  private let macs: UnitPrefix
  private let time: UnitPrefix
  private let largest: (macs: Double, time: Double)

  init(_ rows: [AnswerRow], mode: EvaluationMode) {
    self.rows = rows
    self.mode = mode
    let costs = rows.compactMap { $0.group.executed?.languageModel }
    let times = rows.compactMap { $0.group.latency?.total.p50 }
    (macs, time) = (.large(costs), .small(times))
    largest = (costs.max() ?? 0, times.max() ?? 0)
  }

  /// What the rate is a share of.
  private var measure: RateMeasure { .of(mode) }
  private var rateName: String { mode == .rollout ? "success %" : "key-frame match %" }

  var table: PageTable {
    PageTable(
      id: "answer-\(mode.rawValue)",
      caption: mode == .rollout
        ? "Closed loop: success and cost of each policy and method"
        : "Replay: key-frame match and cost of each policy and method",
      headings: [.init(text: "policy, method")]
        + [
          rateName, "95 % interval", measure.unit, "language \(macs.symbol)MAC", "÷ dense",
          "layers run", "p50 \(time.symbol)s", "time ÷ dense",
        ].map { .init(text: $0, isNumber: true) },
      rows: rows.map { PageTable.Row(cells: cells($0)) })
  }

  private func cells(_ row: AnswerRow) -> [PageTable.Cell] {
    [.init(words: row.heading), rate(row), interval(row)]
      + [.init(number: Double(row.count), Markup(String(row.count)))] + cost(row)
  }

  private func rate(_ row: AnswerRow) -> PageTable.Cell {
    guard let rate = row.rate else { return .init(number: nil, Markup("–")) }
    return .init(
      number: rate.rate,
      PageBar.share(rate)
        + PageBar.value([Markup("b", NumberFormat.percent().text(rate.rate))]))
  }

  private func interval(_ row: AnswerRow) -> PageTable.Cell {
    let percent = NumberFormat.percent()
    guard let lower = row.rate?.lower, let upper = row.rate?.upper else {
      return .init(number: nil, Markup("–"))
    }
    return .init(number: lower, Markup(Table.interval(percent.text(lower), percent.text(upper))))
  }

  private func cost(_ row: AnswerRow) -> [PageTable.Cell] {
    // A script computes nothing, and nothing is no multiple of anything.
    let isScript = row.isScript
    return [
      number(
        isScript ? nil : row.group.executed?.languageModel, macs.format, bar: largest.macs),
      number(isScript ? nil : row.reduction, NumberFormat(decimals: 2)),
      number(isScript ? nil : row.group.layersExecuted, NumberFormat(decimals: 2)),
      number(isScript ? nil : row.group.latency?.total.p50, time.format, bar: largest.time),
      number(isScript ? nil : row.timeRatio, NumberFormat(decimals: 2)),
    ]
  }

  private func number(
    _ value: Double?, _ format: NumberFormat, bar largest: Double? = nil
  ) -> PageTable.Cell {
    guard let value else { return .init(number: nil, Markup("–")) }
    let bar = largest.map { PageBar.cost(value, of: $0) } ?? .none
    return .init(number: value, bar + PageBar.value([Markup(format.text(value))]))
  }
}
