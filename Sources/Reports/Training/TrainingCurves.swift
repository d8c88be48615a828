internal import Files
package import Foundation

/// The curves of a training, drawn from the CSV files in its folder.
package enum TrainingCurves {
  /// Draws `losses.svg`.
  ///
  /// - Parameter name: What the training is called.
  /// - Throws: `ReportError`; where nothing is trained yet, nothing is drawn.
  package static func draw(name: String, in folder: URL) throws {
    guard let losses = try CurveTable.read(folder.appending(path: "losses.csv")) else { return }
    let validation = try CurveTable.read(folder.appending(path: "validation.csv"))
    let figure = figure(name: name, losses: losses, validation: validation)
    let path = folder.appending(path: "losses.svg").path
    do {
      try PartialFile.write(Data(figure.svg.utf8), to: path)
    } catch {
      throw ReportError(error, file: path)
    }
  }

  static func figure(name: String, losses: CurveTable, validation: CurveTable?) -> Figure {
    let layout = CurveLayout(name: name, losses: losses, validation: validation)
    return Figure(
      name: "losses", drawing: layout.drawn(), title: layout.title, summary: layout.text)
  }
}

/// Three plots below each other over the same updates: losses, errors of actions, learning rate.
private struct CurveLayout {
  private static let parts = ["loss", "task", "mimic", "reverse_kl", "balance", "auxiliary"]
  private static let errors = ["action_error", "share_within", "gripper_accuracy"]
  private static let plotX = 84.0
  private static let plotWidth = 560.0

  let title: String
  let text: String
  private let losses: [Curve]
  private let errors: [Curve]
  private let rate: [CurvePoint]
  private let updates: Axis
  private let window: Int
  private let heading: FigureHeading
  private let plots: [Frame]

  init(name: String, losses: CurveTable, validation: CurveTable?) {
    let rowCount = losses.rowCount
    window = max(1, rowCount / 50)
    // With one part alone the loss is that part.
    let named = CurveLayout.parts.filter { !losses.points($0).isEmpty }
    let shown = named.count == 2 ? Array(named.prefix(1)) : named
    self.losses = shown.map {
      Curve(name: $0, points: losses.points($0), checks: validation?.points($0) ?? [])
    }
    errors = CurveLayout.errors.compactMap { name in
      let points = validation?.points(name) ?? []
      return points.isEmpty ? nil : Curve(name: name, points: points, checks: points)
    }
    rate = losses.points("learning_rate")
    updates = Axis(upTo: rate.last?.update ?? 1, tickCount: 6)
    title = "Training of \(name)"
    text =
      "Thin: each update's batch; thick: means of \(window) updates; marks: held-out demonstrations,"
      + " with the parameters that the checkpoint would have. Losses on a logarithmic axis."
    heading = FigureHeading(title: title, text: text, width: 860)
    let heights = [300.0] + (errors.isEmpty ? [] : [130.0]) + [90.0]
    var y = heading.height + 12
    plots = heights.map { height in
      defer { y += height + 34 }
      return Frame(x: CurveLayout.plotX, y: y, width: CurveLayout.plotWidth, height: height)
    }
  }

  func drawn() -> Drawing {
    let bottom = plots.last?.maxY ?? heading.height
    var drawing = Drawing(width: 860, height: bottom + 56)
    heading.draw(on: &drawing)
    drawLosses(in: plots[0], on: &drawing)
    if plots.count == 3 { drawErrors(in: plots[1], on: &drawing) }
    drawRate(in: plots[plots.count - 1], on: &drawing)
    drawing.text(
      "updates", at: Point(CurveLayout.plotX + CurveLayout.plotWidth / 2, bottom + 42),
      .init(anchor: .middle))
    return drawing
  }

  private func drawLosses(in plot: Frame, on drawing: inout Drawing) {
    let smooth = losses.map { $0.points.smoothed(over: window) }
    let axis = LogAxis(
      holding: smooth.joined().map(\.value) + losses.flatMap { $0.checks.map(\.value) })
    for tick in axis.ticks {
      let y = plot.maxY - plot.height * axis.position(tick)
      drawing.line(from: Point(plot.x, y), to: Point(plot.maxX, y), stroke: .gridLine)
      drawing.text(
        axis.label(tick), at: Point(plot.x - 8, y + 4),
        .init(size: 11, anchor: .end, color: .mutedInk))
    }
    drawFrame(of: plot, label: "loss", on: &drawing)
    let place = { (point: CurvePoint) in self.place(point, in: plot, axis.position) }
    for (index, curve) in losses.enumerated() {
      let color = Palette.category(index)
      drawing.polyline(
        curve.points.thinned(to: 1200).map(place), stroke: color.mixed(with: .white, share: 0.7))
    }
    for (index, curve) in losses.enumerated() {
      let color = Palette.category(index)
      drawing.polyline(smooth[index].thinned(to: 1200).map(place), stroke: color, width: 2)
      drawMarks(curve.checks.map(place), index, on: &drawing)
      drawLegend(
        curve.name, smooth[index].last?.value, row: index, beside: plot, on: &drawing)
    }
  }

  private func drawErrors(in plot: Frame, on drawing: inout Drawing) {
    let axis = Axis(upTo: 1, tickCount: 4)
    drawing.axes(of: plot, horizontal: updates, vertical: axis)
    drawing.text(
      "held out", at: Point(30, plot.y + plot.height / 2), .init(anchor: .middle, rotation: -90))
    for (index, curve) in errors.enumerated() {
      // Colours go on after those of the losses, so that none stands for two things.
      let number = losses.count + index
      let points = curve.points.map { place($0, in: plot, axis.position) }
      drawing.polyline(points, stroke: Palette.category(number), width: 1.5)
      drawMarks(points, number, on: &drawing)
      drawLegend(
        curve.name, curve.points.last?.value, row: index, number: number, beside: plot,
        on: &drawing)
    }
  }

  private func drawRate(in plot: Frame, on drawing: inout Drawing) {
    let axis = Axis(upTo: (rate.map(\.value).max() ?? 0) * 1000, tickCount: 2)
    drawing.axes(of: plot, horizontal: updates, vertical: axis)
    drawing.text(
      "rate, 10⁻³", at: Point(30, plot.y + plot.height / 2),
      .init(anchor: .middle, rotation: -90))
    let position = { (value: Double) in axis.position(value * 1000) }
    let points = rate.thinned(to: 600).map { place($0, in: plot, position) }
    drawing.polyline(points, stroke: .mutedInk, width: 1.5)
    drawing.text(
      "learning rate", at: Point(plot.maxX + 18, plot.y + 14),
      .init(size: 11, color: .mutedInk))
  }

  private func place(
    _ point: CurvePoint, in plot: Frame, _ position: (Double) -> Double
  ) -> Point {
    Point(
      plot.x + plot.width * updates.position(point.update),
      plot.maxY - plot.height * position(point.value))
  }

  private func drawFrame(of plot: Frame, label: String, on drawing: inout Drawing) {
    for tick in updates.ticks {
      let x = plot.x + plot.width * updates.position(tick)
      drawing.line(from: Point(x, plot.maxY), to: Point(x, plot.maxY + 4), stroke: .frame)
      drawing.text(
        updates.label(tick), at: Point(x, plot.maxY + 19),
        .init(size: 11, anchor: .middle, color: .mutedInk))
    }
    drawing.line(from: Point(plot.x, plot.maxY), to: Point(plot.maxX, plot.maxY), stroke: .frame)
    drawing.line(from: Point(plot.x, plot.y), to: Point(plot.x, plot.maxY), stroke: .frame)
    drawing.text(
      label, at: Point(30, plot.y + plot.height / 2), .init(anchor: .middle, rotation: -90))
  }

  private func drawMarks(_ points: [Point], _ index: Int, on drawing: inout Drawing) {
    for point in points {
      drawing.polygon(
        MarkShape.of(index).corners(at: point, radius: 4.5), fill: Palette.category(index))
    }
  }

  private func drawLegend(
    _ name: String, _ value: Double?, row: Int, number: Int? = nil, beside plot: Frame,
    on drawing: inout Drawing
  ) {
    let (x, y) = (plot.maxX + 24, plot.y + 10 + Double(row) * 36)
    let index = number ?? row
    drawing.polygon(
      MarkShape.of(index).corners(at: Point(x, y), radius: 5), fill: Palette.category(index))
    drawing.text(name, at: Point(x + 14, y + 4), .init(size: 12, isBold: true))
    guard let value else { return }
    drawing.text(
      NumberFormat(decimals: 4).text(value), at: Point(x + 14, y + 19),
      .init(size: 11, color: .mutedInk))
  }
}

/// Numbers of one name, and what held-out demonstrations say.
private struct Curve {
  var name: String
  var points: [CurvePoint]
  var checks: [CurvePoint]
}
