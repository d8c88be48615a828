internal import Foundation
internal import Manipulation

extension Inspection: CustomStringConvertible {
  /// For a person: the file, its instructions, the first episode's datasets, the episodes, and
  /// the statistics of the actions.
  package var description: String {
    var lines = heading
    lines += ["", "instructions"]
    for (text, count) in instructions.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(count) x \(text)")
    }
    if let first = episodes.first { lines += ["", "datasets of \(first.name)"] + rows(of: first) }
    lines += ["", "episodes"] + episodes.prefix(Inspection.episodeLimit).map(row)
    if episodes.count > Inspection.episodeLimit {
      lines.append("  … and \(episodes.count - Inspection.episodeLimit) more (--json shows all)")
    }
    lines += ["", "actions at key frames"] + statisticsRows
    return lines.joined(separator: "\n")
  }

  private static let episodeLimit = 40

  private var heading: [String] {
    let version = taskVersion.map { " (version \($0))" } ?? ""
    var lines = [
      "file        \(file)", "schema      \(schema.rawValue)", "task        \(task)\(version)",
      "actions     \(actionConvention ?? "no convention declared")",
      "episodes    \(episodeCount), \(frameCount) frames, \(keyframeCount) key frames",
    ]
    if !masks.isEmpty {
      let parts = masks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      lines.append("masks       " + parts.joined(separator: ", "))
    }
    return lines
  }

  private func rows(of episode: EpisodeSummary) -> [String] {
    let width = episode.datasets.map(\.name.count).max() ?? 0
    return episode.datasets.map { dataset in
      let shape = "(" + dataset.shape.map(String.init).joined(separator: ", ") + ")"
      let chunk = dataset.chunk.map { " chunks \($0)" } ?? ""
      let filters = dataset.filters.isEmpty ? "" : " " + dataset.filters.joined(separator: "+")
      let name = dataset.name.padding(toLength: width, withPad: " ", startingAt: 0)
      return "  \(name)  \(dataset.type) \(shape)\(chunk)\(filters)"
    }
  }

  private func row(of episode: EpisodeSummary) -> String {
    var parts = ["\(episode.frameCount) frames", "\(episode.keyframeCount) key frames"]
    if episode.variation != 0 { parts.append("variation \(episode.variation)") }
    if let success = episode.success { parts.append(success ? "success" : "failure") }
    if let source = episode.source { parts.append("from \(source)") }
    return "  \(episode.name): " + parts.joined(separator: ", ")
  }

  private var statisticsRows: [String] {
    guard let action = statistics?.action else { return ["  \(statisticsNote ?? "none")"] }
    let names = ["dx", "dy", "dz", "roll", "pitch", "yaw", "gripper"]
    let columns = [action.mean, action.std, action.min, action.q01, action.q99, action.max]
    let titles = ["mean", "std", "min", "q01", "q99", "max"]
    let pad = { (text: String) in String(repeating: " ", count: max(0, 9 - text.count)) + text }
    var rows = ["  " + pad("") + titles.map(pad).joined()]
    for (index, name) in names.enumerated() {
      let values = columns.map { pad(String(format: "%.4f", $0[index])) }
      rows.append("  " + name.padding(toLength: 9, withPad: " ", startingAt: 0) + values.joined())
    }
    return rows
  }
}
