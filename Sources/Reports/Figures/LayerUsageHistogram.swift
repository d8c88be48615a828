/// One small bar chart a task: how often each layer of one method ran.
enum LayerUsageHistogram {
  static func figure(_ method: MethodSummary, of summary: RunSummary, name: String) -> Figure {
    let title = "Layer histograms of \(method.name)"
    let text =
      "How often each layer of the language model ran, in percent of the queries of a task in"
      + " '\(summary.suite)' (or of their tokens, where a layer sees only some). Bars of one task"
      + " sum to its layers run per query."
    let layout = HistogramLayout(method: method, title: title, text: text)
    return Figure(name: name, drawing: layout.drawn(), title: title, summary: text)
  }
}

private struct HistogramLayout {
  private static let plotHeight = 96.0
  private static let panelHeight = 158.0
  /// The room for "12.5 of 32 layers".
  private static let noteWidth = 112.0

  private let method: MethodSummary
  private let panels: [GroupSummary]
  private let columns: Int
  private let heading: FigureHeading
  private let plotWidth: Double
  private let width: Double
  private let left = 66.0
  private let panelGap = 40.0

  init(method: MethodSummary, title: String, text: String) {
    self.method = method
    panels = method.tasks + (method.tasks.count > 1 ? [method.meanOverTasks] : [])
    // Wide enough for the bars, and for the longest name beside its number of layers.
    let widestName =
      panels.map { TextWidth.of($0.name.visible, size: 12, isBold: true) }.max() ?? 0
    let titled = min(390, widestName + HistogramLayout.noteWidth + 12)
    let least = panels.count == 1 ? 470 : max(260, titled)
    plotWidth = min(480, max(least, 14 * Double(method.layerCount)))
    columns = max(1, min(panels.count, plotWidth > 320 ? 2 : 3))
    width = left + Double(columns) * (plotWidth + panelGap)
    heading = FigureHeading(title: title, text: text, width: width)
  }

  private var rowCount: Int { (panels.count + columns - 1) / columns }

  func drawn() -> Drawing {
    let height = heading.height + Double(rowCount) * HistogramLayout.panelHeight + 36
    var drawing = Drawing(width: width, height: height)
    heading.draw(on: &drawing)
    for (index, group) in panels.enumerated() {
      let plot = Frame(
        x: left + Double(index % columns) * (plotWidth + panelGap),
        y: heading.height + Double(index / columns) * HistogramLayout.panelHeight + 30,
        width: plotWidth, height: HistogramLayout.plotHeight)
      draw(group, in: plot, isFirstColumn: index % columns == 0, on: &drawing)
    }
    let middle = heading.height + Double(rowCount) * HistogramLayout.panelHeight / 2
    drawing.text(
      "executed, %", at: Point(22, middle), .init(size: 12, anchor: .middle, rotation: -90))
    drawing.text(
      "layer of the language model (0 is the first)",
      at: Point((left + width - panelGap) / 2, height - 16),
      .init(size: 12, anchor: .middle))
    return drawing
  }

  private func draw(
    _ group: GroupSummary, in plot: Frame, isFirstColumn: Bool, on drawing: inout Drawing
  ) {
    drawTitle(of: group, over: plot, on: &drawing)
    for percent in [0, 50, 100] {
      let y = plot.maxY - plot.height * Double(percent) / 100
      drawing.line(
        from: Point(plot.x, y), to: Point(plot.maxX, y),
        stroke: percent == 0 ? .frame : .gridLine)
      guard isFirstColumn else { continue }
      drawing.text(
        String(percent), at: Point(plot.x - 6, y + 4),
        .init(size: 11, anchor: .end, color: .mutedInk))
    }
    drawBars(of: group, in: plot, on: &drawing)
    drawLayerNumbers(below: plot, on: &drawing)
  }

  /// The task's name, cut where the number at the right begins.
  private func drawTitle(of group: GroupSummary, over plot: Frame, on drawing: inout Drawing) {
    let count = group.layersExecuted.map {
      "\(NumberFormat(decimals: 1).text($0)) of \(method.layerCount) layers"
    }
    let note = count ?? "no queries"
    let room = plot.width - TextWidth.of(note, size: 11) - 12
    drawing.text(
      TextWidth.cut(group.name.visible, to: room, size: 12, isBold: true),
      at: Point(plot.x, plot.y - 9), .init(size: 12, isBold: true))
    drawing.text(
      note, at: Point(plot.maxX, plot.y - 9), .init(size: 11, anchor: .end, color: .mutedInk))
  }

  private func drawBars(of group: GroupSummary, in plot: Frame, on drawing: inout Drawing) {
    let slot = plot.width / Double(max(1, method.layerCount))
    for (layer, share) in group.layerUsage.enumerated() where share > 0 {
      let height = plot.height * min(1, share)
      let bar = Frame(
        x: plot.x + Double(layer) * slot + slot * 0.12, y: plot.maxY - height,
        width: slot * 0.76, height: height)
      let percent = NumberFormat.percent().text(share)
      drawing.rectangle(
        bar, fill: Palette.sequential(0.68), hint: "\(group.name), layer \(layer): \(percent) %")
    }
  }

  private func drawLayerNumbers(below plot: Frame, on drawing: inout Drawing) {
    let slot = plot.width / Double(max(1, method.layerCount))
    let stride = [1, 2, 4, 5, 8, 10, 16, 32, 64].first { Double($0) * slot >= 20 } ?? 128
    for layer in Swift.stride(from: 0, to: method.layerCount, by: stride) {
      drawing.text(
        String(layer), at: Point(plot.x + (Double(layer) + 0.5) * slot, plot.maxY + 15),
        .init(size: 11, anchor: .middle, color: .mutedInk))
    }
  }
}
