extension Drawing {
  /// Draws the grid, ticks and frame of a plot whose axes begin in its lower left corner.
  ///
  /// - Parameter labelsVertical: Whether the vertical axis has its numbers beside it.
  mutating func axes(
    of plot: Frame, horizontal: Axis, vertical: Axis, labelsVertical: Bool = true
  ) {
    for tick in vertical.ticks {
      let y = plot.maxY - plot.height * vertical.position(tick)
      line(from: Point(plot.x, y), to: Point(plot.maxX, y), stroke: .gridLine)
      guard labelsVertical else { continue }
      text(
        vertical.label(tick), at: Point(plot.x - 8, y + 4),
        .init(size: 11, anchor: .end, color: .mutedInk))
    }
    for tick in horizontal.ticks {
      let x = plot.x + plot.width * horizontal.position(tick)
      line(from: Point(x, plot.maxY), to: Point(x, plot.maxY + 4), stroke: .frame)
      text(
        horizontal.label(tick), at: Point(x, plot.maxY + 19),
        .init(size: 11, anchor: .middle, color: .mutedInk))
    }
    line(from: Point(plot.x, plot.maxY), to: Point(plot.maxX, plot.maxY), stroke: .frame)
    line(from: Point(plot.x, plot.y), to: Point(plot.x, plot.maxY), stroke: .frame)
  }
}
