/// A fact in which the two sides of a comparison differ although it must be the same, so that their
/// episodes are no pairs.
package struct PairingFault: Codable, Hashable, Sendable {
  package var fact: Fact
  /// Absent where it concerns every task.
  package var task: String?
  /// Absent where it concerns every episode of the task.
  package var episode: String?
  /// What the fact is in the base …
  package var base: String
  /// … and in the candidate.
  package var candidate: String

  package init(
    _ fact: Fact, task: String? = nil, episode: String? = nil, base: String, candidate: String
  ) {
    self.fact = fact
    self.task = task
    self.episode = episode
    self.base = base
    self.candidate = candidate
  }

  /// What both sides must have seen alike.
  package enum Fact: String, Codable, CaseIterable, Sendable {
    case mode
    case suite
    case camera
    case imageSize = "image_size"
    /// The actions of an answer that are carried out before the next question.
    case execute
    case budget
    case perturbations
    case wording
    case actionConvention = "action_convention"
    case positionTolerance = "position_tolerance"
    case rotationTolerance = "rotation_tolerance"
    /// The contents of a demonstration file that is replayed.
    case demonstrations
    /// The contents of a file that defines a simulated task.
    case taskFile = "task_file"
    case name
    case variation
    case seed
    case instruction
    /// Which frames were shown, and what was demonstrated there.
    case frames
    /// Several episodes of one side that cannot be told apart.
    case repeated
    /// How often an episode asks a policy; only a replay fixes it.
    case queries

    /// As it stands in a sentence.
    package var text: String { rawValue.replacing("_", with: " ") }
  }

  /// Where it is, for a person.
  package var place: String {
    guard let task else { return "every episode" }
    return episode.map { "episode '\($0)' of '\(task)'" } ?? "every episode of '\(task)'"
  }

  /// Half a sentence that names it.
  package var text: String { "\(fact.text) of \(place): \(base) against \(candidate)" }
}

/// An episode that only one side has.
package struct MissingEpisode: Codable, Hashable, Sendable {
  package var task: String
  package var episode: String
  /// Which side lacks it.
  package var missingIn: Side

  package init(task: String, episode: String, missingIn: Side) {
    self.task = task
    self.episode = episode
    self.missingIn = missingIn
  }

  package enum CodingKeys: String, CodingKey {
    case task
    case episode
    case missingIn = "missing_in"
  }
}

/// One of the two runs of a comparison.
package enum Side: String, Codable, Sendable {
  case base
  case candidate
}
