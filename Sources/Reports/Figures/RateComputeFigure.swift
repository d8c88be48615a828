internal import Outcomes

/// How well a method does against the compute of its language model: one point a method.
enum RateComputeFigure {
  /// Key-frame match in replay, success in a rollout.
  static func figure(_ summary: RunSummary) -> Figure {
    let measure = RateMeasure.of(summary.mode)
    let remark =
      summary.methods.count > 1 ? " Marks that would cover each other stand side by side." : ""
    let text =
      "All \(measure.unit) of '\(summary.suite)'; bars: 95 % Wilson intervals over \(measure.unit)."
      + " \(measure.caveat) Executed MACs of router and language layers, mean per query;"
      + " 1 MAC = 2 FLOPs." + remark
    let layout = RateComputeLayout(summary: summary, measure: measure, text: text)
    return Figure(
      name: measure.figureName, drawing: layout.drawn(), title: measure.title, summary: text)
  }
}

/// What stands on the upright axis.
private struct RateMeasure {
  var figureName: String
  var title: String
  var axis: String
  /// What it is a share of.
  var unit: String
  var caveat: String
  var rate: (GroupSummary) -> Proportion?

  static func of(_ mode: EvaluationMode) -> RateMeasure {
    switch mode {
    case .replay:
      RateMeasure(
        figureName: "match_vs_compute", title: "Key-frame match against language-model compute",
        axis: "key-frame match, % of queries", unit: "queries",
        caveat: "An offline number, not success.", rate: \.keyframeMatch)
    case .rollout:
      RateMeasure(
        figureName: "success_vs_compute",
        title: "Closed-loop success against language-model compute",
        axis: "success at some time, % of episodes", unit: "episodes",
        caveat: "Success in these simulated worlds.", rate: { $0.closedLoop?.successOnce })
    }
  }
}

private struct RateComputeLayout {
  private struct Mark {
    var method: String
    var macs: Double
    var rate: Proportion
    var index: Int
  }

  private static let legendSize = 12.0
  private static let legendLine = 38.0

  private let measure: RateMeasure
  private let heading: FigureHeading
  private let marks: [Mark]
  private let unit: UnitPrefix
  private let computeAxis: Axis
  private let rateAxis: Axis
  private let plot: Frame
  private let legendNames: [String]
  private let width: Double
  private let height: Double

  init(summary: RunSummary, measure: RateMeasure, text: String) {
    self.measure = measure
    marks = summary.methods.enumerated().compactMap { index, method in
      guard let rate = measure.rate(method.pooled),
        let macs = method.pooled.executed?.languageModel
      else { return nil }
      return Mark(method: method.name, macs: macs, rate: rate, index: index)
    }
    unit = UnitPrefix.large(marks.map(\.macs))
    computeAxis = Axis(upTo: (marks.map(\.macs).max() ?? 0) * unit.scale * 1.04, tickCount: 6)
    let highest = marks.map { $0.rate.upper ?? $0.rate.rate }.max() ?? 1
    rateAxis = Axis(upTo: min(100, max(5, highest * 100)), tickCount: 5)
    legendNames = marks.map {
      TextWidth.cut($0.method.visible, to: 200, size: RateComputeLayout.legendSize, isBold: true)
    }
    let widest = legendNames.map { TextWidth.of($0, size: 12, isBold: true) }.max() ?? 0
    let legendWidth = max(170, widest + 40)
    width = 84 + 470 + 24 + legendWidth + 10
    heading = FigureHeading(title: measure.title, text: text, width: width)
    let plotHeight = max(320, RateComputeLayout.legendLine * Double(marks.count))
    plot = Frame(x: 84, y: heading.height + 12, width: 470, height: plotHeight)
    height = plot.maxY + 66
  }

  func drawn() -> Drawing {
    var drawing = Drawing(width: width, height: height)
    heading.draw(on: &drawing)
    drawAxes(on: &drawing)
    guard !marks.isEmpty else {
      drawing.text(
        "no \(measure.unit)", at: Point(plot.x + plot.width / 2, plot.y + plot.height / 2),
        .init(anchor: .middle, color: .mutedInk))
      return drawing
    }
    for (mark, x) in zip(marks, positions) { draw(mark, x: x, on: &drawing) }
    drawLegend(on: &drawing)
    return drawing
  }

  private func y(_ rate: Double) -> Double {
    plot.maxY - plot.height * rateAxis.position(rate * 100)
  }

  /// Where the marks stand; those that would cover each other, side by side.
  private var positions: [Double] {
    let exact = marks.map { plot.x + plot.width * computeAxis.position($0.macs * unit.scale) }
    var placed = exact
    for cluster in coveringClusters(at: exact) where cluster.count > 1 {
      let center = cluster.reduce(0) { $0 + exact[$1] } / Double(cluster.count)
      for (offset, index) in cluster.enumerated() {
        placed[index] = center + (Double(offset) - Double(cluster.count - 1) / 2) * 11
      }
    }
    return placed
  }

  /// Marks of nearly the same compute whose intervals overlap, each in one cluster.
  private func coveringClusters(at positions: [Double]) -> [[Int]] {
    var clusters: [[Int]] = []
    for index in marks.indices {
      let covering = clusters.firstIndex { cluster in
        cluster.contains { other in
          abs(positions[other] - positions[index]) < 7
            && overlap(of: marks[other].rate, and: marks[index].rate)
        }
      }
      if let covering { clusters[covering].append(index) } else { clusters.append([index]) }
    }
    return clusters
  }

  private func overlap(of a: Proportion, and b: Proportion) -> Bool {
    (a.lower ?? a.rate) <= (b.upper ?? b.rate) && (b.lower ?? b.rate) <= (a.upper ?? a.rate)
  }

  private func drawAxes(on drawing: inout Drawing) {
    drawing.axes(of: plot, horizontal: computeAxis, vertical: rateAxis)
    drawing.text(
      "language-model compute, \(unit.symbol)MAC per query",
      at: Point(plot.x + plot.width / 2, plot.maxY + 44), .init(anchor: .middle))
    drawing.text(
      measure.axis, at: Point(30, plot.y + plot.height / 2),
      .init(anchor: .middle, rotation: -90))
  }

  private func draw(_ mark: Mark, x: Double, on drawing: inout Drawing) {
    let color = Palette.category(mark.index)
    if let lower = mark.rate.lower, let upper = mark.rate.upper {
      drawing.line(from: Point(x, y(lower)), to: Point(x, y(upper)), stroke: color, width: 1.5)
      for end in [lower, upper] {
        drawing.line(
          from: Point(x - 4, y(end)), to: Point(x + 4, y(end)), stroke: color, width: 1.5)
      }
    }
    let shape = MarkShape.of(mark.index).corners(at: Point(x, y(mark.rate.rate)), radius: 5.5)
    drawing.polygon(shape, fill: color, hint: "\(mark.method): \(caption(mark))")
  }

  private func caption(_ mark: Mark) -> String {
    let percent = NumberFormat.percent().text(mark.rate.rate)
    return "\(percent) %, \(unit.format.text(mark.macs)) \(unit.symbol)MAC"
  }

  private func drawLegend(on drawing: inout Drawing) {
    let x = plot.maxX + 34
    for (row, mark) in marks.enumerated() {
      let y = plot.y + 10 + Double(row) * RateComputeLayout.legendLine
      let color = Palette.category(mark.index)
      let corners = MarkShape.of(mark.index).corners(at: Point(x, y), radius: 5.5)
      drawing.polygon(corners, fill: color)
      drawing.text(
        legendNames[row], at: Point(x + 14, y + 4),
        .init(size: RateComputeLayout.legendSize, isBold: true))
      drawing.text(
        caption(mark), at: Point(x + 14, y + 20), .init(size: 11, color: .mutedInk))
    }
  }
}
