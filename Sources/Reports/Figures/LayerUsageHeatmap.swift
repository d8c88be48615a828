/// Tasks × layers of one method: the darker, the more often a layer ran.
enum LayerUsageHeatmap {
  static func figure(_ method: MethodSummary, of summary: RunSummary, name: String) -> Figure {
    let title = "Layer usage of \(method.name) by task"
    let text =
      "Share of the queries in '\(summary.suite)' that ran each layer of the language model;"
      + " where a layer sees only some tokens, the share of the tokens. Right: layers run per"
      + " query, mean."
    let layout = HeatmapLayout(method: method, title: title, text: text)
    return Figure(name: name, drawing: layout.drawn(), title: title, summary: text)
  }
}

private struct HeatmapLayout {
  private static let labelSize = 12.0
  private static let rowHeight = 26.0
  private static let summaryGap = 8.0

  private let method: MethodSummary
  /// The tasks, and the mean over them where there is more than one.
  private let rows: [GroupSummary]
  private let heading: FigureHeading
  private let cell: Double
  private let width: Double
  private let left: Double
  private let labels: [String]

  init(method: MethodSummary, title: String, text: String) {
    self.method = method
    rows = method.tasks + (method.tasks.count > 1 ? [method.meanOverTasks] : [])
    labels = rows.map { TextWidth.cut($0.name.visible, to: 270, size: HeatmapLayout.labelSize) }
    let widest = labels.map { TextWidth.of($0, size: HeatmapLayout.labelSize) }.max() ?? 0
    left = 20 + max(80, widest) + 10
    cell = min(44, max(20, 640 / Double(max(1, method.layerCount))))
    width = max(560, left + cell * Double(method.layerCount) + 90)
    heading = FigureHeading(title: title, text: text, width: width)
  }

  private var top: Double { heading.height + 8 }
  private var gridWidth: Double { cell * Double(method.layerCount) }
  private var hasMean: Bool { rows.count > method.tasks.count }
  private var bottom: Double {
    top + HeatmapLayout.rowHeight * Double(rows.count) + (hasMean ? HeatmapLayout.summaryGap : 0)
  }
  private var numberSize: Double { cell >= 30 ? 11 : 8.5 }

  func drawn() -> Drawing {
    var drawing = Drawing(width: width, height: bottom + 110)
    heading.draw(on: &drawing)
    for (index, group) in rows.enumerated() { draw(group, row: index, on: &drawing) }
    drawLayerAxis(on: &drawing)
    drawLegend(on: &drawing)
    return drawing
  }

  private func draw(_ group: GroupSummary, row: Int, on drawing: inout Drawing) {
    let isMean = hasMean && row == rows.count - 1
    let y =
      top + Double(row) * HeatmapLayout.rowHeight + (isMean ? HeatmapLayout.summaryGap : 0)
    let baseline = y + HeatmapLayout.rowHeight / 2 + 4
    drawing.text(
      labels[row], at: Point(left - 8, baseline),
      .init(size: HeatmapLayout.labelSize, anchor: .end))
    guard !group.layerUsage.isEmpty else {
      drawing.text(
        "no queries", at: Point(left + 8, baseline),
        .init(size: HeatmapLayout.labelSize, color: .mutedInk))
      return
    }
    for (layer, share) in group.layerUsage.enumerated() {
      drawCell(share, layer: layer, y: y, of: group, on: &drawing)
    }
    drawing.text(
      NumberFormat(decimals: 1).text(group.layersExecuted ?? 0),
      at: Point(left + gridWidth + 10, baseline), .init(size: HeatmapLayout.labelSize))
  }

  private func drawCell(
    _ share: Double, layer: Int, y: Double, of group: GroupSummary, on drawing: inout Drawing
  ) {
    let frame = Frame(
      x: left + Double(layer) * cell, y: y, width: cell, height: HeatmapLayout.rowHeight)
    let color = Palette.sequential(share)
    let percent = NumberFormat.percent(decimals: 0).text(share)
    drawing.rectangle(
      frame, fill: color, stroke: .white, hint: "\(group.name), layer \(layer): \(percent) %")
    drawing.text(
      percent, at: Point(frame.x + cell / 2, y + HeatmapLayout.rowHeight / 2 + 4),
      .init(size: numberSize, anchor: .middle, color: color.readableInk))
  }

  private func drawLayerAxis(on drawing: inout Drawing) {
    for layer in 0..<method.layerCount {
      drawing.text(
        String(layer), at: Point(left + (Double(layer) + 0.5) * cell, bottom + 16),
        .init(size: cell >= 24 ? 11 : 10, anchor: .middle, color: .mutedInk))
    }
    drawing.text(
      "layer of the language model (0 is the first)",
      at: Point(left + gridWidth / 2, bottom + 36), .init(size: 12, anchor: .middle))
    drawing.text("layers run", at: Point(left + gridWidth + 10, top - 6), .init(size: 11))
  }

  private func drawLegend(on drawing: inout Drawing) {
    let (barWidth, barHeight, steps) = (220.0, 12.0, 55)
    let (x, y) = (left, bottom + 56)
    for step in 0..<steps {
      let share = (Double(step) + 0.5) / Double(steps)
      let slice = barWidth / Double(steps)
      // A little wider than its step, so that no seam shows between neighbours.
      let frame = Frame(
        x: x + Double(step) * slice, y: y, width: slice + (step < steps - 1 ? 0.5 : 0),
        height: barHeight)
      drawing.rectangle(frame, fill: Palette.sequential(share))
    }
    drawing.outline(Frame(x: x, y: y, width: barWidth, height: barHeight), stroke: .frame)
    for percent in [0, 25, 50, 75, 100] {
      let tick = x + barWidth * Double(percent) / 100
      drawing.line(
        from: Point(tick, y + barHeight), to: Point(tick, y + barHeight + 4), stroke: .frame)
      drawing.text(
        String(percent), at: Point(tick, y + barHeight + 17),
        .init(size: 11, anchor: .middle, color: .mutedInk))
    }
    drawing.text("executed, %", at: Point(x + barWidth + 18, y + 10), .init(size: 12))
  }
}
