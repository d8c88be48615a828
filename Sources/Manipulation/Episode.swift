/// A moment of a demonstration at which a policy decides, and what the demonstrator did.
package struct Keyframe: Sendable {
  /// The index of the frame in the recording.
  package var frameIndex: Int
  package var observation: Observation
  /// The demonstrated action, towards the next key frame.
  package var action: Action

  package init(frameIndex: Int, observation: Observation, action: Action) {
    self.frameIndex = frameIndex
    self.observation = observation
    self.action = action
  }
}

/// What tells one episode from every other; runs are paired by it.
package struct EpisodeIdentity: Codable, Hashable, Sendable {
  /// The suite, or the name of the data set for recorded data.
  package var suite: String
  package var task: String
  package var variation: Int
  /// The name in the file, such as `demo_12`.
  package var name: String
  /// The position within its task, from 0.
  package var index: Int

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case suite
    case task
    case variation
    case name
    case index
  }

  package init(suite: String, task: String, variation: Int, name: String, index: Int) {
    self.suite = suite
    self.task = task
    self.variation = variation
    self.name = name
    self.index = index
  }
}

/// A demonstration reduced to its key frames, the frames at which a policy is asked.
package struct Episode: Sendable {
  package var identity: EpisodeIdentity
  /// The natural-language instruction given to the policy.
  package var instruction: String
  package var keyframes: [Keyframe]

  package init(identity: EpisodeIdentity, instruction: String, keyframes: [Keyframe]) {
    self.identity = identity
    self.instruction = instruction
    self.keyframes = keyframes
  }
}
