/// How demonstrations become samples.
package struct DataOptions: Codable, Equatable, Sendable {
  /// At most so many episodes of each file, the first ones of its mask; `nil` for all. A short training
  /// sees few of many, and would spend its time on reading them.
  package var episodes: Int?
  package var balance = SampleBalance.frames
  package var bounds = ActionBounds.quantiles
  package var angles = AngleBranch.recorded
  /// The share of its range by which a dimension's bounds lie further out on either side.
  package var margin = 0.0
  /// What an angle ranges over at least, in radians: where nothing but noise turns the gripper, that
  /// noise shall not fill [-1, 1].
  package var minimumAngleRange = 0.0

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case episodes
    case balance
    case bounds
    case angles
    case margin
    case minimumAngleRange = "minimum_angle_range"
  }
}

/// Which samples an epoch has more of.
package enum SampleBalance: String, CaseIterable, Codable, Sendable {
  /// Every key frame once; a task of longer episodes comes more often.
  case frames
  /// Every task equally often; the key frames of smaller tasks come again.
  case tasks
  /// Key frames in proportion to how far apart their movements lead in different demonstrations of a
  /// task, or turn the gripper: approaches to objects come often, lifts straight up seldom.
  case movements
}

/// What [-1, 1] stands for in each dimension of an action.
package enum ActionBounds: String, CaseIterable, Codable, Sendable {
  /// The 1st to the 99th percentile, as OpenVLA and CogACT; what lies outside is clipped and cannot
  /// be reached.
  case quantiles
  /// The smallest to the largest value, kept in the same places of the statistics.
  case extremes
}

/// Which of an angle's equal values, a whole turn apart, is learnt.
package enum AngleBranch: String, CaseIterable, Codable, Sendable {
  /// As recorded, in (-π, π]: a gripper that points down is at both ends of it.
  case recorded
  /// The turn is cut open where the demonstrations have the fewest angles.
  case unwrapped
}
