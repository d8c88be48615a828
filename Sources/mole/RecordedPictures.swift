import Demonstrations
import Evaluation
import Foundation
import Manipulation
import Outcomes
import Reports

/// The pictures that a replay showed to its policies, out of the recordings.
enum RecordedPictures {
  /// - Parameters:
  ///   - run: The replay.
  ///   - paths: Demonstration files; those that the run did not read, by their content, are left
  ///     aside.
  /// - Returns: `nil` where no file is of the run.
  static func pictures(
    of run: RunDirectory, among paths: [String]
  ) throws -> EpisodePictures? {
    let read = Set(run.manifest.demonstrations.map(\.sha256))
    let own = try paths.map { try FileDigest(ofFile: $0) }.filter { read.contains($0.sha256) }
    guard !own.isEmpty else { return nil }
    let files = try own.map { try DemonstrationFile(opening: URL(filePath: $0.path)) }
    let camera = run.manifest.plan.camera
    return EpisodePictures { outcome in
      let named = files.first {
        $0.task == outcome.episode.task && $0.episodeNames.contains(outcome.episode.name)
      }
      guard let file = named,
        let index = file.episodeNames.firstIndex(of: outcome.episode.name)
      else { return nil }
      let frames = outcome.queries.compactMap(\.frameIndex)
      guard frames.count == outcome.queries.count else { return nil }
      return try file.images(of: index, camera: camera, frames: frames)[camera]
    }
  }
}
