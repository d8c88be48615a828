package import Outcomes

/// The order of a run: each file, through each episode, by each method.
///
/// Its lines are in this order. All methods take an episode, or with a batch a few of them
/// (`EpisodeGroup`), before the next one comes, so that their times are measured side by side and a
/// machine's ups and downs meet all of them alike.
///
/// The order depends on the plan and the files alone, so a run can go on where it stopped, and
/// shards can be put together again.
package struct EpisodeSchedule: Equatable, Sendable {
  /// One line of the journal to be.
  package struct Entry: Equatable, Sendable {
    package var method: Int
    package var source: Int
    package var episode: Int
  }

  package let entries: [Entry]

  /// Lays out a run, or the shard of it.
  ///
  /// - Parameter episodeCounts: The number of episodes of each source, in order.
  package init(methodCount: Int, episodeCounts: [Int], shard: Shard?) {
    let episodes = episodeCounts.indices.flatMap { source in
      (0..<episodeCounts[source]).map { (source, $0) }
    }
    let chosen = episodes.enumerated()
      .filter { shard?.contains(episodeAt: $0.offset) ?? true }
      .map(\.element)
    entries = chosen.flatMap { source, episode in
      (0..<methodCount).map { Entry(method: $0, source: source, episode: episode) }
    }
  }
}
