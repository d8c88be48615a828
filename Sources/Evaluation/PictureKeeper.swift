import Demonstrations
import Foundation
import Images
import Manipulation
import Outcomes

/// Writes the pictures that a policy saw, one file an episode: `<folder>/<method>/<task>_007.png`.
package final class PictureKeeper: RolloutKeeper {
  /// What becomes of an episode's pictures.
  package enum Form: Sendable {
    /// Side by side, with the end; a row of each camera.
    case strip
    /// One after the other, of the first camera by name.
    case animation
  }

  /// Seconds that an animation shows a picture, and the end.
  private static let (delay, rest) = (0.6, 1.8)

  private let folder: KeeperFolder
  private let form: Form

  package init(_ form: Form, folder: String) {
    self.folder = KeeperFolder(path: folder)
    self.form = form
  }

  package func keep(_ recording: RolloutRecording) throws {
    let rows = PictureKeeper.pictures(of: recording)
    guard let first = rows.first else { return }
    let url = try folder.file(
      EpisodeStrip.name(of: recording.outcome.episode), of: recording.outcome.method)
    switch form {
    case .strip:
      let lines = rows.flatMap { row in
        stride(from: 0, to: row.count, by: EpisodeStrip.columnLimit).map {
          Array(row[$0..<min($0 + EpisodeStrip.columnLimit, row.count)])
        }
      }
      try PNGFile.write(.contactSheet(rows: lines, padding: EpisodeStrip.padding), to: url)
    case .animation:
      try AnimatedPNG.write(
        first, delay: PictureKeeper.delay, rest: PictureKeeper.rest, to: url)
    }
  }

  package func finish(task: String) {}

  /// A row of each camera, by name; of one size each.
  private static func pictures(of recording: RolloutRecording) -> [[RGBImage]] {
    let frames = EpisodeStrip.kept(of: recording.frames.count).map { recording.frames[$0] }
    guard let cameras = frames.first?.observation.images.keys.sorted() else { return [] }
    return cameras.compactMap { camera in
      let images = frames.compactMap { $0.observation.images[camera] }
      return images.isEmpty ? nil : images
    }
  }
}
