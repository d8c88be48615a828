/// What a gate holds two runs to: margins, levels, and which checks are on.
package struct GateSettings: Codable, Equatable, Sendable {
  /// The level of each two-sided test, and one less the confidence of each interval.
  package var alpha = 0.05
  /// Whether a check that cannot tell keeps the gate shut.
  package var cannotTell = Undecided.fail
  /// The same of single tasks; each has few episodes.
  package var tasksCannotTell = Undecided.pass
  package var success = Success()
  package var replay = Replay()
  package var executedMACs = Relative(margin: 0.02)
  package var latency = Relative(margin: 0.2)
  package var layerUsage = Relative(margin: 0.05)
  package var bootstrap = Draws()

  package init() {}

  package enum CodingKeys: String, CodingKey {
    case alpha
    case cannotTell = "cannot_tell"
    case tasksCannotTell = "tasks_cannot_tell"
    case success
    case replay
    case executedMACs = "executed_macs"
    case latency
    case layerUsage = "layer_usage"
    case bootstrap
  }

  /// What follows where the episodes do not suffice for a verdict.
  package enum Undecided: String, Codable, CaseIterable, Sendable {
    case fail
    case pass
  }

  /// The success of rollouts.
  package struct Success: Codable, Equatable, Sendable {
    package var check = true
    package var measure = Measure.atEnd
    /// The loss that is tolerated over all tasks, as a share.
    package var margin = 0.05
    /// The loss that is tolerated in a single task.
    package var taskMargin = 0.1

    package enum Measure: String, Codable, CaseIterable, Sendable {
      case atEnd = "at_end"
      case once
    }
  }

  /// What a replay measures in the place of success.
  package struct Replay: Codable, Equatable, Sendable {
    package var check = true
    package var measure = Measure.keyframeMatch
    /// The loss that is tolerated over all tasks: a share, metres or degrees, as `measure` says.
    package var margin = 0.05
    package var taskMargin = 0.1

    package enum Measure: String, Codable, CaseIterable, Sendable {
      case keyframeMatch = "keyframe_match"
      /// In metres, the less the better.
      case positionError = "position_error"
      /// In degrees, the less the better.
      case rotationError = "rotation_error"
    }
  }

  /// A cost, whose tolerated growth is a share of the base's; of the use of layers it is the
  /// tolerated total variation distance.
  package struct Relative: Codable, Equatable, Sendable {
    package var check = true
    package var margin: Double
  }

  /// How intervals are drawn.
  package struct Draws: Codable, Equatable, Sendable {
    package var draws = 2000
    package var seed: UInt64 = 0
  }
}

extension GateSettings.Success {
  package enum CodingKeys: String, CodingKey {
    case check
    case measure
    case margin
    case taskMargin = "task_margin"
  }
}

extension GateSettings.Replay {
  package enum CodingKeys: String, CodingKey {
    case check
    case measure
    case margin
    case taskMargin = "task_margin"
  }
}
