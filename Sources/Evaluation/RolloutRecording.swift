package import Manipulation
package import Outcomes

/// An episode of a rollout with all that was seen and done.
package struct RolloutRecording: Sendable {
  package var outcome: EpisodeOutcome
  /// One frame before each action that was carried out, and the last after all of them.
  package var frames: [RolloutFrame]

  package init(outcome: EpisodeOutcome, frames: [RolloutFrame]) {
    self.outcome = outcome
    self.frames = frames
  }
}

/// A moment of a rollout.
package struct RolloutFrame: Sendable {
  package var observation: Observation
  /// What was carried out here; `nil` at the end.
  package var action: Action?
  /// The world's state, where it can be written down.
  package var state: RecordedStart?

  init(_ observation: Observation, in environment: any Environment) {
    self.observation = observation
    state = environment.recording
  }
}

/// Who keeps something of the episodes of a rollout: pictures, or demonstrations.
package protocol RolloutKeeper: AnyObject {
  /// Keeps an episode; after an interruption the last one may come again.
  func keep(_ recording: RolloutRecording) throws

  /// Told when no more episodes of this task come for now.
  func finish(task: String) throws
}
