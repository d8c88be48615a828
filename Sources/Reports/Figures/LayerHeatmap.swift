/// Rows × layers: how often a layer ran, by colour and number.
struct LayerHeatmap {
  /// A row of the map.
  struct Row {
    var label: String
    /// For each layer a number of the scale; empty where there is nothing to show.
    var usage: [Double]
    var layersExecuted: Double?
    /// The layers whose numbers stand out.
    var boldLayers: Set<Int> = []
    /// What is said where there is nothing to show.
    var emptyText = "no queries"
    /// Whether it stands a little apart from the row above.
    var isApart = false
  }

  private static let labelSize = 12.0
  private static let rowHeight = 26.0
  private static let gap = 8.0

  private let scale: LayerScale
  private let rows: [Row]
  private let layerCount: Int
  private let heading: FigureHeading
  private let cell: Double
  private let width: Double
  private let left: Double
  private let labels: [String]
  /// Where each row begins, and where the last ends.
  private let edges: [Double]

  init(
    rows: [Row], layerCount: Int, title: String, text: String, scale: LayerScale = .share
  ) {
    self.scale = scale
    self.rows = rows
    self.layerCount = layerCount
    labels = rows.map { TextWidth.cut($0.label.visible, to: 330, size: LayerHeatmap.labelSize) }
    let widest = labels.map { TextWidth.of($0, size: LayerHeatmap.labelSize) }.max() ?? 0
    left = 20 + max(80, widest) + 10
    cell = min(44, max(20, 640 / Double(max(1, layerCount))))
    width = max(560, left + cell * Double(layerCount) + 90)
    heading = FigureHeading(title: title, text: text, width: width)
    edges = rows.reduce(into: [heading.height + 8]) { edges, row in
      if row.isApart { edges[edges.count - 1] += LayerHeatmap.gap }
      edges.append(edges[edges.count - 1] + LayerHeatmap.rowHeight)
    }
  }

  private var gridWidth: Double { cell * Double(layerCount) }
  private var bottom: Double { edges[edges.count - 1] }
  private var numberSize: Double { cell >= 30 ? 11 : 8.5 }

  func drawn() -> Drawing {
    var drawing = Drawing(width: width, height: bottom + 110)
    heading.draw(on: &drawing)
    for (index, row) in rows.enumerated() {
      draw(row, label: labels[index], y: edges[index], on: &drawing)
    }
    drawLayerAxis(on: &drawing)
    drawLegend(on: &drawing)
    return drawing
  }

  private func draw(_ row: Row, label: String, y: Double, on drawing: inout Drawing) {
    let baseline = y + LayerHeatmap.rowHeight / 2 + 4
    drawing.text(
      label, at: Point(left - 8, baseline), .init(size: LayerHeatmap.labelSize, anchor: .end))
    guard !row.usage.isEmpty else {
      drawing.text(
        row.emptyText, at: Point(left + 8, baseline),
        .init(size: LayerHeatmap.labelSize, color: .mutedInk))
      return
    }
    for (layer, share) in row.usage.enumerated() {
      drawCell(share, layer: layer, y: y, of: row, on: &drawing)
    }
    drawing.text(
      layersText(row.layersExecuted ?? 0),
      at: Point(left + gridWidth + 10, baseline), .init(size: LayerHeatmap.labelSize))
  }

  private func layersText(_ layers: Double) -> String {
    let text = NumberFormat(decimals: 1).text(layers)
    guard case .difference = scale, text != "0.0" else { return text }
    return layers > 0 ? "+" + text : text.replacing("-", with: "−")
  }

  private func drawCell(
    _ share: Double, layer: Int, y: Double, of row: Row, on drawing: inout Drawing
  ) {
    let frame = Frame(
      x: left + Double(layer) * cell, y: y, width: cell, height: LayerHeatmap.rowHeight)
    let color = scale.color(at: scale.position(share))
    let percent = scale.text(share)
    drawing.rectangle(
      frame, fill: color, stroke: .white, hint: "\(row.label), layer \(layer): \(percent) %")
    drawing.text(
      percent, at: Point(frame.x + cell / 2, y + LayerHeatmap.rowHeight / 2 + 4),
      .init(
        size: numberSize, anchor: .middle, isBold: row.boldLayers.contains(layer),
        color: color.readableInk))
  }

  private func drawLayerAxis(on drawing: inout Drawing) {
    for layer in 0..<layerCount {
      drawing.text(
        String(layer), at: Point(left + (Double(layer) + 0.5) * cell, bottom + 16),
        .init(size: cell >= 24 ? 11 : 10, anchor: .middle, color: .mutedInk))
    }
    drawing.text(
      "layer of the language model (0 is the first)",
      at: Point(left + gridWidth / 2, bottom + 36), .init(size: 12, anchor: .middle))
    drawing.text(
      "layers run", at: Point(left + gridWidth + 10, edges[0] - 6), .init(size: 11))
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
      drawing.rectangle(frame, fill: scale.color(at: share))
    }
    drawing.outline(Frame(x: x, y: y, width: barWidth, height: barHeight), stroke: .frame)
    for percent in scale.ticks {
      let tick = x + barWidth * scale.position(Double(percent) / 100)
      drawing.line(
        from: Point(tick, y + barHeight), to: Point(tick, y + barHeight + 4), stroke: .frame)
      drawing.text(
        String(percent).replacing("-", with: "−"), at: Point(tick, y + barHeight + 17),
        .init(size: 11, anchor: .middle, color: .mutedInk))
    }
    drawing.text(scale.caption, at: Point(x + barWidth + 18, y + 10), .init(size: 12))
  }
}
