import Foundation
import Images
import Manipulation
import Outcomes
import Reports

/// A page made of runs on disk, as 'mole report' makes it.
struct PageFixture {
  let html: String
  let sideBySide: SideBySide?

  init(
    _ runs: [RunFixture], options: PageOptions = PageOptions(), published: [PublishedRow] = []
  ) throws {
    let opened = try runs.map { try $0.open() }
    var rows = try RolloutSet(among: opened).map(SideBySideTally.init)
    var tally = try PageTally(opened, options: options)
    for (place, run) in opened.enumerated() {
      let summary = try RunSummary(of: run) {
        rows?.add($0, ofRun: place)
        tally.add($0, ofRun: place)
      }
      tally.add(summary, ofRun: place)
    }
    sideBySide = try rows?.compared(draws: 50)
    let comparison =
      published.isEmpty ? nil : PublishedComparison(published, runs: opened)
    html = try tally.page(sideBySide: sideBySide, offline: nil, published: comparison).html()
  }

  /// How often `pattern` occurs.
  func count(_ text: String) -> Int { html.ranges(of: text).count }

  /// What stands in the element that begins with `start`, up to the first `end`.
  func part(from start: String, to end: String) -> String? {
    guard let lower = html.range(of: start)?.upperBound,
      let upper = html.range(of: end, range: lower..<html.endIndex)?.lowerBound
    else { return nil }
    return String(html[lower..<upper])
  }

  /// The viewer's episodes and pictures.
  func viewerData() throws -> [String: Any]? {
    guard let text = part(from: "id=\"episode-data\">", to: "</script>") else { return nil }
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
  }

  func episodes() throws -> [[String: Any]] {
    try viewerData()?["episodes"] as? [[String: Any]] ?? []
  }
}

/// Strips as 'mole eval --strips' keeps them.
enum StripFixture {
  /// A picture of one grey for each moment: 0, 10, 20, …
  static func write(_ outcome: EpisodeOutcome, pictures: Int, side: Int, in folder: URL) throws {
    let images = (0..<pictures).map { moment in
      let grey = UInt8(min(250, moment * 10))
      return RGBImage(filling: side, side, with: [grey, grey, grey])
    }
    let rows = stride(from: 0, to: pictures, by: EpisodeStrip.columnLimit).map {
      Array(images[$0..<min($0 + EpisodeStrip.columnLimit, pictures)])
    }
    let file = folder.appending(
      path: EpisodeStrip.path(method: outcome.method, episode: outcome.episode))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try PNGFile.write(
      .contactSheet(rows: rows, padding: EpisodeStrip.padding), to: file)
  }
}
