internal import Foundation
internal import Manipulation
internal import Outcomes

/// The page's episodes, one by one: a table for everyone, and a viewer where scripts run.
struct ViewerSection {
  let data: ViewerData
  let tasks: Set<String>

  func markup() throws -> Markup {
    let table = PageTable(
      id: "episodes", caption: "The episodes of the viewer",
      headings: ["policy", "task", "episode", "outcome"].map { .init(text: $0) }
        + ["steps", "layers run", "language MAC"].map { .init(text: $0, isNumber: true) },
      rows: data.episodes.map(row), rowHeadings: 3)
    return try [
      Markup("p", ["class": "lead"], introduction), viewer(),
      Markup("noscript", [steps.markup]),
      Markup(
        "details",
        [Markup("summary", "All \(data.episodes.count) episodes as a table"), table.markup]),
    ].joined
  }

  private var introduction: String {
    var text =
      "The first episodes of each task; which come first is settled by the seed, not by how they"
      + " ended. Pictures are what the policy saw, made smaller."
    if data.cut.pictures > 0 {
      text += " Cut for size: \(data.cut.pictures) episodes are without their pictures."
    }
    if data.cut.episodes > 0 {
      text += " Cut for size: \(data.cut.episodes) more episodes are left out."
    }
    return text
  }

  /// Empty: the script fills it.
  private func viewer() throws -> Markup {
    Markup(
      "div",
      [
        "id": "viewer", "class": "viewer", "hidden": "", "tabindex": "0", "role": "group",
        "aria-label": "Episode viewer. Left and right arrow keys go from step to step.",
      ], [])
      + Markup(literal: "<script type=\"application/json\" id=\"episode-data\">")
      + Markup(trusted: try data.json()) + Markup(literal: "</script>")
  }

  private func row(_ episode: ViewerEpisode) -> PageTable.Row {
    let queries = Double(max(1, episode.steps.count))
    let layers = episode.steps.reduce(0) { $0 + $1.layers.reduce(0, +) } / queries
    let macs = episode.steps.reduce(0) { $0 + Double($1.languageMACs) } / queries
    let unit = UnitPrefix.large([macs])
    let cost =
      episode.layerCount == 0
      ? "–" : NumberFormat(scale: unit.scale, decimals: 1).text(macs) + " " + unit.symbol
    return PageTable.Row(
      cells: [
        .init(episode.policy), .init(episode.task), .init(episode.episode),
        .init(episode.outcome),
        .init(number: Double(episode.steps.count), Markup(String(episode.steps.count))),
        .init(
          number: layers,
          Markup(episode.layerCount == 0 ? "–" : NumberFormat(decimals: 2).text(layers))),
        .init(number: macs, Markup(cost)),
      ], task: tasks.contains(episode.task) ? episode.task : nil)
  }

  /// Every step, for readers without scripts.
  private var steps: PageTable {
    PageTable(
      id: "steps", caption: "The steps of these episodes",
      headings: ["policy", "task", "episode", "step", "action", "demonstrated", "layers run"].map {
        .init(text: $0)
      },
      rows: data.episodes.flatMap { episode in
        episode.steps.enumerated().map { step, query in
          PageTable.Row(
            cells: [
              .init(episode.policy), .init(episode.task), .init(episode.episode),
              .init(String(step)), .init(ViewerSection.text(query.action)),
              .init(query.demonstrated.map(ViewerSection.text) ?? "–"),
              .init(ViewerSection.layers(query.layers)),
            ])
        }
      }, rowHeadings: 4)
  }

  private static func text(_ action: [Double?]) -> String {
    action.isEmpty
      ? "none" : action.map { $0.map { String(format: "%.3f", $0) } ?? "?" }.joined(separator: " ")
  }

  private static func layers(_ shares: [Double]) -> String {
    let run = shares.indices.filter { shares[$0] > 0 }.map(String.init)
    return shares.isEmpty ? "–" : run.isEmpty ? "none" : run.joined(separator: " ")
  }
}
