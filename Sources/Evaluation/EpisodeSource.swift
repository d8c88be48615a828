package import Manipulation

/// Where the episodes of one task come from, in the order in which they are evaluated.
package protocol EpisodeSource {
  var task: String { get }
  /// The file, for messages.
  var name: String { get }
  var episodeCount: Int { get }

  /// The name of an episode, such as `demo_12`, without reading the episode.
  func episodeName(at index: Int) throws -> String

  /// Reads one episode.
  ///
  /// - Throws: When the recording cannot be read.
  func episode(at index: Int) throws -> Episode

  /// How the recording of an episode started in its simulated world; `nil`, the default, where it
  /// holds no states.
  func recordedStart(at index: Int) throws -> RecordedStart?
}

extension EpisodeSource {
  package func recordedStart(at index: Int) throws -> RecordedStart? { nil }
}
