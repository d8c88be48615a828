/// One thing that is wrong, or worth knowing, in a demonstration file.
package struct Finding: Codable, Equatable, Sendable {
  package enum Severity: String, Codable, Sendable {
    /// The file gives wrong results or cannot be used.
    case error
    /// The file looks wrong; a person should decide.
    case warning
    /// Nothing is wrong.
    case note
  }

  /// What was looked at.
  package enum Check: String, Codable, CaseIterable, Sendable {
    case readability
    case lengths
    case shapes
    case finiteness
    case constantFrames = "constant_frames"
    case quaternionNorm = "quaternion_norm"
    case quaternionOrder = "quaternion_order"
    case gripperPolarity = "gripper_polarity"
    case actions
    case keyframes
    case duplicates
    case masks
    case instructions
    case convention
  }

  package let severity: Severity
  package let check: Check
  /// The episode's name; `nil` for the whole file.
  package let episode: String?
  /// The path within the episode, or in the file.
  package let dataset: String?
  /// What is wrong, why it is thought so, and what to do.
  package let sentence: String

  package init(
    _ severity: Severity, _ check: Check, episode: String? = nil, dataset: String? = nil,
    _ sentence: String
  ) {
    self.severity = severity
    self.check = check
    self.episode = episode
    self.dataset = dataset
    self.sentence = sentence
  }

  /// Whether it makes the file's health check fail.
  package var isFault: Bool { severity != .note }
}

extension Finding: CustomStringConvertible {
  /// One line: severity, place, sentence.
  package var description: String {
    let place = [episode, dataset].compactMap(\.self).joined(separator: " ")
    return place.isEmpty
      ? "\(severity.rawValue): \(sentence)"
      : "\(severity.rawValue): \(place): \(sentence)"
  }
}
