/// Closed-loop success against each offline number: one point a task and method.
enum OfflineClosedLoopFigure {
  static func figure(_ comparison: OfflineClosedLoop) -> Figure {
    let title = "Does replay foretell closed-loop success?"
    let text =
      "Each mark is a method on a task of '\(comparison.suite)'; bars: 95 % Wilson intervals of"
      + " closed-loop success at some time, over episodes. τ: Kendall's rank correlation over all"
      + " marks, +1 where the offline number orders them as success does (errors count negatively),"
      + " with its bootstrap interval, which the drawing's own noise moves towards 0."
    let layout = ScatterLayout(comparison, title: title, text: text)
    return Figure(
      name: "offline_vs_closed_loop", drawing: layout.drawn(), title: title, summary: text)
  }
}

/// Panels side by side that share the axis of success, and one legend below.
private struct ScatterLayout {
  private static let panelWidth = 300.0
  private static let panelHeight = 280.0
  private static let gap = 34.0
  private static let left = 66.0
  private static let legendLine = 22.0

  private let heading: FigureHeading
  private let panels: [ScatterPanel]
  private let legend: [(name: String, index: Int)]
  private let legendColumns: Int
  private let legendColumnWidth: Double
  private let top: Double
  private let width: Double
  private let height: Double

  init(_ comparison: OfflineClosedLoop, title: String, text: String) {
    let measures = OfflineMeasure.allCases.filter { measure in
      comparison.cells.contains { $0.value(measure) != nil } || measure == .positionError
    }
    let panelSpan = Double(measures.count) * (ScatterLayout.panelWidth + ScatterLayout.gap)
    let width = max(640, ScatterLayout.left + panelSpan - ScatterLayout.gap + 24)
    heading = FigureHeading(title: title, text: text, width: width)
    let top = heading.height + 40
    self.width = width
    self.top = top
    var methods: [String] = []
    for cell in comparison.cells where !methods.contains(cell.method) {
      methods.append(cell.method)
    }
    panels = measures.enumerated().map { position, measure in
      ScatterPanel(
        comparison, measure: measure, methods: methods,
        plot: Frame(
          x: ScatterLayout.left
            + Double(position) * (ScatterLayout.panelWidth + ScatterLayout.gap), y: top,
          width: ScatterLayout.panelWidth, height: ScatterLayout.panelHeight))
    }
    legend = methods.enumerated().map { index, name in
      (TextWidth.cut(name.visible, to: 200, size: 12), index)
    }
    let widest = legend.map { TextWidth.of($0.name, size: 12) }.max() ?? 0
    legendColumnWidth = widest + 44
    legendColumns = max(1, Int((width - ScatterLayout.left - 24) / legendColumnWidth))
    let rows = (legend.count + legendColumns - 1) / legendColumns
    height = top + ScatterLayout.panelHeight + 76 + Double(rows) * ScatterLayout.legendLine
  }

  func drawn() -> Drawing {
    var drawing = Drawing(width: width, height: height)
    heading.draw(on: &drawing)
    for (position, panel) in panels.enumerated() {
      panel.draw(on: &drawing, showsSuccess: position == 0)
    }
    drawing.text(
      "closed-loop success, % of episodes",
      at: Point(22, top + ScatterLayout.panelHeight / 2),
      .init(anchor: .middle, rotation: -90))
    drawLegend(on: &drawing)
    return drawing
  }

  private func drawLegend(on drawing: inout Drawing) {
    for (position, entry) in legend.enumerated() {
      let x =
        ScatterLayout.left + 8 + Double(position % legendColumns) * legendColumnWidth
      let y =
        top + ScatterLayout.panelHeight + 72
        + Double(position / legendColumns) * ScatterLayout.legendLine
      drawing.polygon(
        MarkShape.of(entry.index).corners(at: Point(x, y), radius: 5.5),
        fill: Palette.category(entry.index))
      drawing.text(entry.name, at: Point(x + 13, y + 4), .init(size: 12))
    }
  }
}

/// One offline number against success.
private struct ScatterPanel {
  private struct Mark {
    var hint: String
    var index: Int
    var x: Double
    var success: Proportion
  }

  private let measure: OfflineMeasure
  private let agreement: OfflineAgreement?
  private let marks: [Mark]
  private let axis: Axis
  private let successAxis = Axis(upTo: 100, tickCount: 5)
  private let plot: Frame

  init(
    _ comparison: OfflineClosedLoop, measure: OfflineMeasure, methods: [String], plot: Frame
  ) {
    self.measure = measure
    self.plot = plot
    agreement = comparison.agreements.first { $0.task == nil && $0.measure == measure }
    let marks = comparison.cells.compactMap { cell -> Mark? in
      guard let value = cell.value(measure), let success = cell.closedLoop?.successOnce,
        let index = methods.firstIndex(of: cell.method)
      else { return nil }
      return Mark(
        hint: "\(cell.task), \(cell.method)", index: index, x: value * measure.axisScale,
        success: success)
    }
    self.marks = marks
    let largest = marks.map(\.x).max() ?? 0
    axis = Axis(upTo: measure.isShare ? 100 : largest * 1.04, tickCount: 5)
  }

  func draw(on drawing: inout Drawing, showsSuccess: Bool) {
    drawing.text(
      agreementText, at: Point(plot.x, plot.y - 14), .init(size: 12, isBold: true))
    drawAxes(on: &drawing, showsSuccess: showsSuccess)
    for mark in marks { drawInterval(mark, on: &drawing) }
    for mark in marks {
      drawing.polygon(
        MarkShape.of(mark.index).corners(at: point(mark.x, mark.success.rate), radius: 5),
        fill: Palette.category(mark.index), hint: mark.hint)
    }
    if marks.isEmpty {
      drawing.text(
        "no episodes", at: Point(plot.x + plot.width / 2, plot.y + plot.height / 2),
        .init(anchor: .middle, color: .mutedInk))
    }
  }

  private var agreementText: String {
    guard let kendall = agreement?.kendall else { return "τ: \(marks.count) marks tell no order" }
    let format = NumberFormat(decimals: 2)
    var text = "τ = \(format.text(kendall.value))"
    if let lower = kendall.lower, let upper = kendall.upper {
      text += " (\(format.text(lower)) to \(format.text(upper)))"
    }
    return text + ", \(marks.count) marks"
  }

  private func point(_ x: Double, _ success: Double) -> Point {
    Point(
      plot.x + plot.width * axis.position(x),
      plot.maxY - plot.height * successAxis.position(success * 100))
  }

  /// Paler than the mark, so that marks stay readable where many intervals cross.
  private func drawInterval(_ mark: Mark, on drawing: inout Drawing) {
    guard let lower = mark.success.lower, let upper = mark.success.upper else { return }
    drawing.line(
      from: point(mark.x, lower), to: point(mark.x, upper),
      stroke: Palette.category(mark.index).mixed(with: .white, share: 0.6), width: 1.2)
  }

  private func drawAxes(on drawing: inout Drawing, showsSuccess: Bool) {
    drawing.axes(
      of: plot, horizontal: axis, vertical: successAxis, labelsVertical: showsSuccess)
    drawing.text(
      measure.axisTitle, at: Point(plot.x + plot.width / 2, plot.maxY + 42),
      .init(anchor: .middle))
  }
}

extension OfflineMeasure {
  fileprivate var isShare: Bool { self == .keyframeMatch || self == .openLoopSuccess }

  fileprivate var axisScale: Double {
    switch self {
    case .positionError: 1000
    case .rotationError: 1
    case .keyframeMatch, .openLoopSuccess: 100
    }
  }

  fileprivate var axisTitle: String {
    switch self {
    case .positionError: "mean position error, mm"
    case .rotationError: "mean rotation error, degrees"
    case .keyframeMatch: "key-frame match, % of queries"
    case .openLoopSuccess: "open-loop success, % of episodes"
    }
  }
}

extension OfflineClosedLoopCell {
  /// The number as it is, an error positive.
  fileprivate func value(_ measure: OfflineMeasure) -> Double? {
    switch measure {
    case .positionError: positionError
    case .rotationError: rotationError
    case .keyframeMatch: keyframeMatch?.rate
    case .openLoopSuccess: openLoopSuccess?.rate
    }
  }
}
