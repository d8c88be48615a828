internal import Images

/// A finished figure.
package struct Figure: Equatable, Sendable {
  /// The stem of its files' names: letters, digits, dots, hyphens and underscores.
  package var name: String
  /// The picture as an SVG document.
  package var svg: String
  /// In pixels of the document.
  package var width: Double
  package var height: Double

  init(name: String, drawing: Drawing, title: String, summary: String) {
    self.name = name
    svg = drawing.svg(title: title, summary: summary)
    width = drawing.width
    height = drawing.height
  }

  /// Pixels of the PNG for each of the document's: two, for print and high-resolution screens,
  /// or what keeps a figure of very many tasks or layers drawable.
  package var pictureScale: Double {
    min(2, Double(SVGRenderer.largestSide - 1) / max(width, height))
  }
}

extension RunSummary {
  /// Every figure of a run.
  package var figures: [Figure] {
    let stems = FileStem.unique(for: methods.map(\.name))
    var figures = [RateComputeFigure.figure(self)]
    for (method, stem) in zip(methods, stems) where method.layerCount > 0 {
      figures.append(LayerUsageHeatmap.figure(method, of: self, name: "layer_usage_\(stem)"))
      figures.append(
        LayerUsageHistogram.figure(method, of: self, name: "layer_histogram_\(stem)"))
      if let byGripper = GripperHeatmap.figure(
        method, of: self, name: "layer_usage_by_gripper_\(stem)")
      {
        figures.append(byGripper)
      }
      if let difference = LayerDifferenceHeatmap.figure(
        method, of: self, name: "layer_usage_difference_\(stem)")
      {
        figures.append(difference)
      }
    }
    return figures
  }
}

extension SideBySide {
  /// Every figure of rollouts side by side.
  package var figures: [Figure] {
    [RateComputeFigure.figure(self), GripperHeatmap.figure(self)].compactMap(\.self)
  }
}

/// Names of methods (`mod:0.5`) as parts of file names.
enum FileStem {
  /// A stem for each name, all different, none with a separator, none longer than 64 letters.
  static func unique(for names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      let stem = plain(name)
      var candidate = stem
      var number = 2
      while !taken.insert(candidate.lowercased()).inserted {
        candidate = "\(stem)-\(number)"
        number += 1
      }
      return candidate
    }
  }

  private static func plain(_ name: String) -> String {
    let letters = name.unicodeScalars.prefix(64).map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        || [".", "-", "_"].contains(scalar) ? Character(scalar) : "-"
    }
    return letters.isEmpty ? "method" : String(letters)
  }
}

/// The head of a figure: a title, and what is seen in smaller letters below it.
struct FigureHeading {
  static let titleSize = 16.0
  static let textSize = 12.0
  private static let lineHeight = 17.0

  let title: String
  let lines: [String]
  let margin: Double

  init(title: String, text: String, width: Double, margin: Double = 20) {
    let room = width - 2 * margin
    self.title = TextWidth.cut(title.visible, to: room, size: FigureHeading.titleSize, isBold: true)
    lines = TextWidth.wrap(text.visible, to: room, size: FigureHeading.textSize)
    self.margin = margin
  }

  /// Where the figure proper may begin.
  var height: Double { 34 + Double(lines.count) * FigureHeading.lineHeight + 12 }

  func draw(on drawing: inout Drawing) {
    drawing.text(
      title, at: Point(margin, 28), .init(size: FigureHeading.titleSize, isBold: true))
    for (index, line) in lines.enumerated() {
      let y = 34 + Double(index + 1) * FigureHeading.lineHeight - 3
      drawing.text(
        line, at: Point(margin, y), .init(size: FigureHeading.textSize, color: .mutedInk))
    }
  }
}
