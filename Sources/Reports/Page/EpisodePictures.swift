package import Foundation
internal import Images
package import Manipulation
package import Outcomes

/// Where the pictures of a run's episodes are.
package struct EpisodePictures: Sendable {
  /// What was seen at each step, and at the end where that was kept; `nil` where there are no
  /// pictures of the episode.
  private let load: @Sendable (EpisodeOutcome) throws -> [RGBImage]?

  package init(_ load: @escaping @Sendable (EpisodeOutcome) throws -> [RGBImage]?) {
    self.load = load
  }

  /// The strips that 'mole eval --strips' kept of a rollout.
  ///
  /// A strip that does not fit its episode is left out: it is of another run.
  ///
  /// - Parameters:
  ///   - folder: That of the command.
  ///   - plan: The run's plan, which says how large the pictures were.
  package static func strips(in folder: URL, plan: EvaluationPlan) -> EpisodePictures {
    EpisodePictures { outcome in
      let file = folder.appending(
        path: EpisodeStrip.path(method: outcome.method, episode: outcome.episode))
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      let strip = try PNGFile.read(file)
      return StripCutter(strip: strip, side: plan.pictureSize)?.pictures(
        of: outcome, actionsPerStep: plan.execute)
    }
  }

  func callAsFunction(_ outcome: EpisodeOutcome) throws -> [RGBImage]? { try load(outcome) }
}

/// Cuts a strip into its pictures.
struct StripCutter {
  private let strip: RGBImage
  private let side: Int
  private let columns: Int
  private let rows: Int

  /// - Returns: `nil` when the strip is no grid of pictures of this size.
  init?(strip: RGBImage, side: Int) {
    let cell = side + EpisodeStrip.padding
    let (width, height) = (strip.width - EpisodeStrip.padding, strip.height - EpisodeStrip.padding)
    guard side > 0, width > 0, height > 0, width.isMultiple(of: cell),
      height.isMultiple(of: cell)
    else { return nil }
    (self.strip, self.side) = (strip, side)
    (columns, rows) = (width / cell, height / cell)
  }

  /// What was seen before each answer, and the end; of the first camera.
  func pictures(of outcome: EpisodeOutcome, actionsPerStep: Int) -> [RGBImage]? {
    let actions = outcome.actions ?? outcome.queries.count
    // An action that cannot be carried out leaves no picture.
    let counts = outcome.failure == nil ? [actions + 1, actions] : [actions, actions + 1]
    guard let count = counts.first(where: fits) else { return nil }
    let kept = EpisodeStrip.kept(of: count)
    let moments = outcome.queries.map { $0.step.multipliedReportingOverflow(by: actionsPerStep) }
    let steps = moments.map { moment in
      moment.overflow ? nil : kept.lastIndex { $0 <= moment.partialValue }
    }
    return (steps + [kept.count - 1]).map { picture($0 ?? kept.count - 1) }
  }

  private func fits(_ count: Int) -> Bool {
    let kept = min(count, EpisodeStrip.pictureLimit)
    guard kept > 0, min(kept, EpisodeStrip.columnLimit) == columns else { return false }
    return rows.isMultiple(of: (kept + columns - 1) / columns)
  }

  private func picture(_ number: Int) -> RGBImage {
    let cell = side + EpisodeStrip.padding
    let left = EpisodeStrip.padding + number % columns * cell
    let top = EpisodeStrip.padding + number / columns * cell
    return strip.cropped(columns: left..<left + side, rows: top..<top + side)
  }
}
