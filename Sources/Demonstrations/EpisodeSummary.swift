/// What a dataset of an episode is, without its data.
package struct DatasetSummary: Codable, Equatable, Sendable {
  /// The path within the episode, such as `obs/front_rgb`.
  package let name: String
  package let shape: [Int]
  /// numpy's name of the element type.
  package let type: String
  package let chunk: [Int]?
  package let filters: [String]
  /// Bytes on disk.
  package let storedByteCount: Int
}

/// What an episode is, without its data.
package struct EpisodeSummary: Codable, Equatable, Sendable {
  package let name: String
  /// `nil` when the file gives none.
  package let instruction: String?
  package let variation: Int
  package let frameCount: Int
  /// The number of frames at which a policy is queried.
  package let keyframeCount: Int
  package let success: Bool?
  package let source: String?
  /// The cameras by the names that a policy asks for, sorted.
  package let cameras: [String]
  package let datasets: [DatasetSummary]
}
