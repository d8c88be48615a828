package import Foundation
package import Outcomes

/// What goes into `report.html` beside the tables.
package struct PageOptions: Sendable {
  /// Episodes of each task that the viewer shows, with all methods.
  package var viewerEpisodes: Int
  /// The most bytes of the viewer's episodes and pictures.
  package var viewerBytes: Int
  /// By the run's place in the report.
  package var pictures: [Int: EpisodePictures]

  package static let usualEpisodes = 2
  package static let usualBytes = 6_000_000

  package init(
    viewerEpisodes: Int = usualEpisodes, viewerBytes: Int = usualBytes,
    pictures: [Int: EpisodePictures] = [:]
  ) {
    self.viewerEpisodes = viewerEpisodes
    self.viewerBytes = viewerBytes
    self.pictures = pictures
  }
}

/// Collects what the page says of some runs, as their journals are read.
package struct PageTally {
  private let runs: [RunDirectory]
  private let names: [String]
  private let options: PageOptions
  private var samples: [EpisodeSample]
  private var summaries: [Int: RunSummary] = [:]
  /// Of the only rollout beside replays, whose methods nobody else holds side by side.
  private var rollout: (place: Int, tally: SideBySideTally)?

  /// - Throws: `ReportError.sameName` when a run is named twice.
  package init(_ runs: [RunDirectory], options: PageOptions = PageOptions()) throws(ReportError) {
    self.runs = runs
    names = try RunNames.unique(runs)
    self.options = options
    samples = runs.map { _ in EpisodeSample(perTask: options.viewerEpisodes) }
    let rollouts = runs.indices.filter { runs[$0].manifest.plan.mode == .rollout }
    if runs.count > 1, rollouts.count == 1, let set = try RolloutSet(among: [runs[rollouts[0]]]) {
      rollout = (rollouts[0], SideBySideTally(set))
    }
  }

  /// Adds an episode of the run at this place.
  package mutating func add(_ outcome: EpisodeOutcome, ofRun place: Int) {
    samples[place].add(outcome)
    if rollout?.place == place { rollout?.tally.add(outcome, ofRun: 0) }
  }

  /// Adds what the whole run at this place says.
  package mutating func add(_ summary: RunSummary, ofRun place: Int) {
    summaries[place] = summary
  }

  /// The page, when all runs were read.
  ///
  /// - Throws: `ImageError` for a picture that is damaged.
  package func page(
    sideBySide: SideBySide?, offline: OfflineClosedLoop?, published: PublishedComparison?
  ) throws -> ReportPage {
    let members = runs.indices.compactMap { place in
      summaries[place].map {
        ReportPage.Run(name: names[place], manifest: runs[place].manifest, summary: $0)
      }
    }
    return ReportPage(
      runs: members, sideBySide: try sideBySide ?? rollout?.tally.compared(), offline: offline,
      published: published,
      viewer: try viewer())
  }

  private func viewer() throws -> ViewerData {
    var data = ViewerData(byteLimit: options.viewerBytes)
    for place in runs.indices {
      let layerCounts = Dictionary(
        runs[place].manifest.methods.map { ($0.name, $0.layerCount) }, uniquingKeysWith: { $1 })
      let label = runs[place].manifest.plan.policyLabel
      for outcome in samples[place].evenly {
        let isScript = layerCounts[outcome.method] == 0
        let episode = ViewerEpisode(
          outcome, run: names[place],
          policy: isScript || label.isEmpty ? outcome.method : "\(label) · \(outcome.method)")
        try data.add(episode, seen: options.pictures[place]?(outcome))
      }
    }
    return data
  }
}

extension ReportWriter {
  /// Writes `report.html`, one file that needs no other.
  ///
  /// - Throws: `ReportError` when the folder cannot be written.
  package static func write(_ page: ReportPage, to directory: URL) throws {
    try write(Data(page.html().utf8), to: directory.appending(path: "report.html"))
  }

  /// Writes a table below `tables/`, for programs and for people.
  ///
  /// - Throws: `ReportError` when the folder cannot be written.
  package static func write(_ table: Table, to directory: URL) throws {
    for (ending, text) in [("csv", table.csv()), ("md", table.markdown())] {
      try write(
        Data(text.utf8), to: directory.appending(path: "tables/\(table.name).\(ending)"))
    }
  }
}
