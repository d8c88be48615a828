package import Manipulation
package import Outcomes

/// One task of a run: its episodes, and how methods take them.
///
/// A replay has one of each demonstration file, a rollout one of each simulated world.
package protocol EvaluatedTask: AnyObject {
  /// What `run.json` says of it.
  var description: TaskDescription { get }
  /// The file, or the task, for messages.
  var source: String { get }

  /// The name of an episode, without loading it.
  func episodeName(at index: Int) throws -> String

  /// Loads what all methods share of an episode.
  ///
  /// - Throws: When a recording cannot be read or a world cannot be made.
  func open(_ index: Int) throws -> any OpenEpisode

  /// Told when the run goes on to another task, or ends, or stops.
  func close() throws
}

/// An episode that methods take one after the other.
package protocol OpenEpisode {
  /// Questions like those of the episode, for `method` to warm up with; none where there is
  /// nothing to ask.
  func warmUpQueries(for method: EvaluatedMethod) throws -> [PolicyQuery]

  /// Lets a method take the episode from its beginning.
  ///
  /// - Throws: What the policy, the world or a recording throws.
  func outcome(of method: EvaluatedMethod) throws -> EpisodeOutcome
}
