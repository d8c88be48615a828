internal import Foundation
internal import Outcomes

/// What is seen: success against compute, and which layers ran.
extension ReportPage {
  var figures: PageSection? {
    let rates = sideBySide.map { $0.figures.prefix(1) } ?? []
    let ofRuns = runs.filter { sideBySide == nil || $0.summary.mode == .replay }
      .flatMap { $0.summary.figures.prefix(1) }
    let loop = offline.map { [OfflineClosedLoopFigure.figure($0)] } ?? []
    let all = rates + ofRuns + loop
    guard !all.isEmpty else { return nil }
    let more = (sideBySide?.tables.dropFirst(2) ?? []).enumerated().map { place, table in
      folded(table, id: "more-\(place)")
    }
    return PageSection(
      id: "figures", title: "Success against compute",
      content: all.map(ReportPage.figure) + more)
  }

  var layers: PageSection? {
    let ofRuns = runs.enumerated().flatMap { place, run -> [Markup] in
      let figures = run.summary.figures.dropFirst()
      guard !figures.isEmpty else { return [] }
      let maps = figures.filter { isReadFirst($0, of: run.summary) }
      let others = figures.filter { !isReadFirst($0, of: run.summary) }
      return [Markup("h3", run.name)] + maps.map(ReportPage.figure) + [
        others.isEmpty
          ? .none
          : Markup(
            "details",
            [Markup("summary", "\(others.count) more figures of layers")]
              + others.map(ReportPage.figure)),
        folded(LayerUsageTable.wide(run.summary), id: "layers-\(place)", of: run),
        LayerUsageTable.byResult(run.summary).map {
          folded($0, id: "layers-by-result-\(place)", of: run)
        } ?? .none,
        folded(ComputeTable.table(run.summary), id: "compute-\(place)", of: run),
      ]
    }
    let shared = sideBySide?.figures.dropFirst().map(ReportPage.figure) ?? []
    guard !(ofRuns + shared).isEmpty else { return nil }
    return PageSection(
      id: "layers", title: "Which layers ran", content: Array(shared) + ofRuns)
  }

  /// The map of tasks and layers of a method that leaves layers out.
  private func isReadFirst(_ figure: Figure, of summary: RunSummary) -> Bool {
    let stems = FileStem.unique(for: summary.methods.map(\.name))
    return zip(summary.methods, stems).contains { method, stem in
      figure.name == "layer_usage_\(stem)"
        && method.pooled.layersExecuted.map { $0 < Double(method.layerCount) } ?? false
    }
  }

  /// The drawing itself, which says in words what it shows.
  private static func figure(_ figure: Figure) -> Markup {
    // A document within a document has no declaration of its own.
    let svg = figure.svg.range(of: "<svg").map { String(figure.svg[$0.lowerBound...]) } ?? ""
    return Markup(
      "figure", ["class": "scroll", "tabindex": "0"], [Markup(trusted: svg)])
  }
}
