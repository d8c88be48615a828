import ArgumentParser
import Foundation
import Outcomes
import Reports

/// What goes into `report.html` beside the numbers of the runs.
struct ReportPageFlags: ParsableArguments {
  @Option(
    help: "Episodes of each task, with all methods, in the page's viewer; 0 leaves it out.")
  var viewerEpisodes = PageOptions.usualEpisodes

  @Option(
    help: ArgumentHelp(
      """
      Pictures for the viewer, as 'mole eval --strips' kept them: a folder of each rollout, in \
      their order; repeatable.
      """, valueName: "dir"))
  var strips: [String] = []

  @Option(
    name: .customLong("demos"), parsing: .upToNextOption,
    help: "Pictures for the viewer: the demonstration files that were replayed.")
  var demonstrations: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Print published numbers beside ours, such as Results/published/mole-vla-rlbench.csv: also \
      tables/published, in --out or in the folder of a single run.
      """, valueName: "csv"))
  var published: [String] = []

  mutating func validate() throws {
    guard (0...10_000).contains(viewerEpisodes) else {
      throw ValidationError(
        "'--viewer-episodes' must be from 0 to 10000, but is \(viewerEpisodes).")
    }
  }

  /// Whether nothing was asked for.
  var isUsual: Bool {
    viewerEpisodes == PageOptions.usualEpisodes && strips.isEmpty && demonstrations.isEmpty
      && published.isEmpty
  }

  func options(for runs: [RunDirectory]) throws -> PageOptions {
    let rollouts = runs.indices.filter { runs[$0].manifest.plan.mode == .rollout }
    guard strips.isEmpty || strips.count == rollouts.count else {
      throw ValidationError(
        "'--strips' is given \(strips.count) times for \(rollouts.count) rollouts; give the folder"
          + " of each, in their order.")
    }
    var options = PageOptions(viewerEpisodes: viewerEpisodes)
    for (place, folder) in zip(rollouts, strips) {
      options.pictures[place] = .strips(
        in: URL(filePath: folder), plan: runs[place].manifest.plan)
    }
    for place in runs.indices where runs[place].manifest.plan.mode == .replay {
      options.pictures[place] = try RecordedPictures.pictures(
        of: runs[place], among: demonstrations)
    }
    return options
  }

  func publishedNumbers(beside runs: [RunDirectory]) throws -> PublishedComparison? {
    guard !published.isEmpty else { return nil }
    let rows = try published.flatMap { try PublishedFile.read(URL(filePath: $0)) }
    return PublishedComparison(rows, runs: runs)
  }
}
