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

  /// How many episodes a method takes before the next method comes, when `batch` questions are
  /// asked at once; their lines may have to wait in memory for their turn.
  func groupSize(batch: Int) -> Int

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
  var identity: EpisodeIdentity { get }

  /// Lets a method take the episode from its beginning.
  ///
  /// - Parameter place: A number below the run's batch that no other attempt has which goes on.
  /// - Throws: When a thread for the world cannot be started.
  func begin(_ method: EvaluatedMethod, at place: Int) throws -> any EpisodeAttempt
}

/// One method's way through one episode.
package protocol EpisodeAttempt: AnyObject {
  /// The questions that can be asked now, at least one unless the episode is over; waits for the
  /// world.
  ///
  /// - Throws: What the world or a recording throws.
  func questions() throws -> [PolicyQuery]

  /// Takes the answers to the first of the questions, in order; does not wait for what they lead to.
  func take(_ answers: [Prediction])

  /// What came of the episode, which is over.
  ///
  /// - Throws: What the world throws.
  func finish() throws -> FinishedEpisode
}

/// An episode that is over, and has its line when its turn comes.
package struct FinishedEpisode {
  package var outcome: EpisodeOutcome
  /// Tells who keeps something of it; called right before the line is written.
  package var keep: () throws -> Void

  package init(outcome: EpisodeOutcome, keep: @escaping () throws -> Void = {}) {
    self.outcome = outcome
    self.keep = keep
  }
}
