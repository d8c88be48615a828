/// How demonstrations become samples.
package struct DataOptions: Codable, Equatable, Sendable {
  package var balance: TaskBalance
  package var bounds: ActionBounds
  package var angles: AngleBranch
  /// What an action's number ranges over at least, in metres or radians: in a dimension in which
  /// nothing but noise happens, that noise shall not fill [-1, 1].
  package var minimumRange: Double

  package init(
    balance: TaskBalance = .frames, bounds: ActionBounds = .quantiles,
    angles: AngleBranch = .recorded, minimumRange: Double = 0
  ) {
    self.balance = balance
    self.bounds = bounds
    self.angles = angles
    self.minimumRange = minimumRange
  }

  private enum CodingKeys: String, CodingKey {
    case balance
    case bounds
    case angles
    case minimumRange = "minimum_range"
  }

  /// - Throws: `TrainingDataError.badOption`.
  package func validate() throws {
    guard minimumRange >= 0, minimumRange.isFinite else {
      throw TrainingDataError.badOption(
        "data.minimum_range", value: "\(minimumRange)",
        expected: "a number of metres or radians that is not negative")
    }
  }
}

/// What the samples of an epoch are drawn from evenly.
package enum TaskBalance: String, CaseIterable, Codable, Sendable {
  /// Every key frame once; a task of longer episodes comes more often.
  case frames
  /// Every task equally often; the key frames of smaller tasks come again.
  case tasks
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
  /// The one nearest to the angle's circular mean over all demonstrations.
  case unwrapped
}
