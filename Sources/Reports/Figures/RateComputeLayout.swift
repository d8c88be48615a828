/// Marks over axes of compute and rate, with a legend at their right.
struct RateComputeLayout {
  private static let legendSize = 12.0
  private static let legendLine = 38.0

  private let measure: RateMeasure
  private let heading: FigureHeading
  private let marks: [RateMark]
  private let series: [RateSeries]
  private let unit: UnitPrefix
  private let computeAxis: Axis
  private let rateAxis: Axis
  private let plot: Frame
  private let legendNames: [String]
  private let width: Double
  private let height: Double

  /// - Parameter plotSize: The plot's width, and the least height, in pixels.
  init(
    marks: [RateMark], measure: RateMeasure, text: String,
    plotSize: (width: Double, height: Double) = (470, 320)
  ) {
    self.measure = measure
    self.marks = marks
    series = RateSeries.series(of: marks)
    unit = UnitPrefix.large(marks.map(\.macs))
    computeAxis = Axis(upTo: (marks.map(\.macs).max() ?? 0) * unit.scale * 1.04, tickCount: 6)
    let highest = marks.map { $0.rate.upper ?? $0.rate.rate }.max() ?? 1
    rateAxis = Axis(upTo: min(100, max(5, highest * 100)), tickCount: 5)
    legendNames = series.map { series in
      let name = series.marks.count == 1 ? marks[series.marks[0]].name : series.name
      return TextWidth.cut(
        name.visible, to: 200, size: RateComputeLayout.legendSize, isBold: true)
    }
    let widest = legendNames.map { TextWidth.of($0, size: 12, isBold: true) }.max() ?? 0
    let legendWidth = max(marks.contains { $0.frontier != nil } ? 250 : 170, widest + 40)
    width = 84 + plotSize.width + 24 + legendWidth + 10
    heading = FigureHeading(title: measure.title, text: text, width: width)
    let plotHeight = max(plotSize.height, RateComputeLayout.legendLine * Double(series.count))
    plot = Frame(x: 84, y: heading.height + 12, width: plotSize.width, height: plotHeight)
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
    let positions = positions
    drawFrontier(positions, on: &drawing)
    for index in series.indices { drawLine(index, positions, on: &drawing) }
    for (index, series) in series.enumerated() {
      for place in series.marks {
        draw(
          marks[place], x: positions[place], index: index, isAlone: series.marks.count == 1,
          on: &drawing)
      }
    }
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
      // Many stand closer, so that none strays into the next one's place.
      let step = min(11, 44 / Double(cluster.count - 1))
      for (offset, index) in cluster.enumerated() {
        placed[index] = center + (Double(offset) - Double(cluster.count - 1) / 2) * step
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

  private func drawLine(_ index: Int, _ positions: [Double], on drawing: inout Drawing) {
    let places = series[index].marks
    for (place, next) in zip(places, places.dropFirst()) {
      drawing.line(
        from: Point(positions[place], y(marks[place].rate.rate)),
        to: Point(positions[next], y(marks[next].rate.rate)),
        stroke: Palette.category(index).mixed(with: .white, share: 0.45), width: 1.5)
    }
  }

  /// Steps from mark to mark: what is reached with at most so much compute.
  private func drawFrontier(_ positions: [Double], on drawing: inout Drawing) {
    let places = marks.indices.filter { marks[$0].frontier?.isOn == true }
      .sorted { positions[$0] < positions[$1] }
    guard let last = places.last else { return }
    var corners: [Point] = []
    for place in places {
      let height = y(marks[place].rate.rate)
      if let previous = corners.last { corners.append(Point(positions[place], previous.y)) }
      corners.append(Point(positions[place], height))
    }
    corners.append(Point(plot.maxX, y(marks[last].rate.rate)))
    for (start, end) in zip(corners, corners.dropFirst()) {
      drawing.line(from: start, to: end, stroke: .frame, width: 1.5, isDashed: true)
    }
  }

  private func draw(
    _ mark: RateMark, x: Double, index: Int, isAlone: Bool, on drawing: inout Drawing
  ) {
    let color = Palette.category(index)
    let (low, high) = (mark.rate.lower ?? mark.rate.rate, mark.rate.upper ?? mark.rate.rate)
    if low < high {
      drawing.line(from: Point(x, y(low)), to: Point(x, y(high)), stroke: color, width: 1.5)
      for end in [low, high] {
        drawing.line(
          from: Point(x - 4, y(end)), to: Point(x + 4, y(end)), stroke: color, width: 1.5)
      }
    }
    for rate in mark.seedRates {
      drawing.polygon(
        MarkShape.disc.corners(at: Point(x + 7, y(rate)), radius: 2.5),
        fill: color.mixed(with: .white, share: 0.3))
    }
    let shape = MarkShape.of(index).corners(at: Point(x, y(mark.rate.rate)), radius: 5.5)
    drawing.polygon(shape, fill: color, hint: "\(mark.name): \(caption(mark, isHint: true))")
    guard !isAlone, let amount = mark.amount?.visible, amount.count <= 4 else { return }
    drawing.text(amount, at: Point(x, y(high) - 4), .init(size: 9.5, anchor: .middle, color: color))
  }

  /// - Parameter isHint: Whether there is room for everything.
  private func caption(_ mark: RateMark, isHint: Bool = false) -> String {
    let percent = NumberFormat.percent().text(mark.rate.rate)
    let text = "\(percent) %, \(unit.format.text(mark.macs)) \(unit.symbol)MAC"
    guard let frontier = mark.frontier, isHint || frontier.isOn else { return text }
    let probability = NumberFormat.percent(decimals: 0).text(frontier.probability)
    return isHint
      ? "\(text), on the frontier in \(probability) % of the draws"
      : "\(text), frontier \(probability) %"
  }

  /// Of one mark what it says, of several between what they lie.
  private func caption(_ series: RateSeries) -> String {
    guard series.marks.count > 1 else { return caption(marks[series.marks[0]]) }
    let rates = series.marks.map { marks[$0].rate.rate }
    let ends = [rates.min() ?? 0, rates.max() ?? 0].map { NumberFormat.percent().text($0) }
    let onFrontier = series.marks.count { marks[$0].frontier?.isOn == true }
    return "\(series.marks.count) amounts, \(ends[0])–\(ends[1]) %"
      + (onFrontier > 0 ? ", \(onFrontier) on frontier" : "")
  }

  private func drawLegend(on drawing: inout Drawing) {
    let x = plot.maxX + 34
    for (row, series) in series.enumerated() {
      let y = plot.y + 10 + Double(row) * RateComputeLayout.legendLine
      let corners = MarkShape.of(row).corners(at: Point(x, y), radius: 5.5)
      drawing.polygon(corners, fill: Palette.category(row))
      drawing.text(
        legendNames[row], at: Point(x + 14, y + 4),
        .init(size: RateComputeLayout.legendSize, isBold: true))
      drawing.text(
        caption(series), at: Point(x + 14, y + 20), .init(size: 11, color: .mutedInk))
    }
  }
}
