package import Manipulation

/// Which episodes of a file: those to learn from, or those held back.
package enum DemonstrationMask: String, CaseIterable, Sendable {
  case train
  case valid
}

/// A demonstration in memory.
package struct LoadedEpisode: Sendable {
  /// The number of its task in the set.
  package let task: Int
  /// Key frames, actions in our convention; its observations are without pictures.
  package let recording: Episode
  /// One a key frame, square, as the policy's resize makes it.
  package let pictures: [RGBImage]
}

/// All demonstrations of some files that a training takes, in memory.
package struct DemonstrationSet: Sendable {
  package let mask: DemonstrationMask
  /// The files' paths, as given.
  package let files: [String]
  /// The tasks' names, in the order in which the files have them.
  package let tasks: [String]
  /// In the files' order; none without a key frame.
  package let episodes: [LoadedEpisode]

  /// - Precondition: Each episode has as many pictures as key frames, and its task is there.
  package init(
    mask: DemonstrationMask, files: [String], tasks: [String], episodes: [LoadedEpisode]
  ) {
    precondition(
      episodes.allSatisfy {
        $0.pictures.count == $0.recording.keyframes.count && tasks.indices.contains($0.task)
      }, "an episode's pictures, key frames and task do not belong together")
    self.mask = mask
    self.files = files
    self.tasks = tasks
    self.episodes = episodes
  }

  package var keyframeCount: Int { episodes.reduce(0) { $0 + $1.pictures.count } }
}
