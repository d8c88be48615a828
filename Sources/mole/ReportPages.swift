import Foundation
import Outcomes
import Reports

/// The pages of a report: one of all runs in `--out`, or one in each run's own folder.
struct ReportPages {
  private struct Page {
    var folder: URL
    /// The runs' places in the report.
    var places: [Int]
    var tally: PageTally
  }

  private var pages: [Page]
  private let published: PublishedComparison?

  init(_ runs: [RunDirectory], out: URL?, flags: ReportPageFlags) throws {
    let options = try flags.options(for: runs)
    published = try flags.publishedNumbers(beside: runs)
    let groups =
      out.map { [($0, Array(runs.indices))] } ?? runs.indices.map { (runs[$0].url, [$0]) }
    pages = try groups.map { folder, places in
      var own = options
      own.pictures = Dictionary(
        uniqueKeysWithValues: places.enumerated().compactMap { position, place in
          options.pictures[place].map { (position, $0) }
        })
      return Page(
        folder: folder, places: places,
        tally: try PageTally(places.map { runs[$0] }, options: own))
    }
  }

  mutating func add(_ outcome: EpisodeOutcome, ofRun place: Int) {
    each(of: place) { $0.add(outcome, ofRun: $1) }
  }

  mutating func add(_ summary: RunSummary, ofRun place: Int) {
    each(of: place) { $0.add(summary, ofRun: $1) }
  }

  private mutating func each(of place: Int, _ body: (inout PageTally, Int) -> Void) {
    for page in pages.indices {
      guard let position = pages[page].places.firstIndex(of: place) else { continue }
      body(&pages[page].tally, position)
    }
  }

  /// Writes the pages, and prints the published numbers where they were asked for.
  ///
  /// - Parameters:
  ///   - sideBySide: What the rollouts say together; `nil` where each run is alone.
  ///   - offline: What a replay and a rollout say together.
  ///   - format: How tables are printed.
  func write(
    sideBySide: SideBySide?, offline: OfflineClosedLoop?, format: TableFormat
  ) throws {
    for page in pages {
      let document = try page.tally.page(
        sideBySide: sideBySide, offline: offline, published: published)
      try ReportWriter.write(document, to: page.folder)
      Console.say("Wrote the page \(page.folder.appending(path: "report.html").path)")
    }
    guard let published, let folder = pages.first?.folder, pages.count == 1 else { return }
    let table = published.table(beside: sideBySide)
    try ReportWriter.write(table, to: folder)
    print("\n" + table.rendered(as: format, width: Console.width), terminator: "")
  }
}
