import Manipulation
import Outcomes

/// An episode in a world as it goes on: actions are carried out until the task is solved or
/// something makes an end of it.
struct TaskAttempt {
  private let environment: any Environment
  /// What is seen now.
  private(set) var observation: Observation
  private(set) var successOnce = false
  private(set) var successAtEnd = false
  private(set) var failure: OutcomeFailure?
  /// The actions given to the world, one that failed included.
  private(set) var actionCount = 0
  private(set) var simulatedSeconds = 0.0

  init(in environment: any Environment, from start: EnvironmentStart) {
    self.environment = environment
    observation = start.observation
  }

  /// Whether the episode ends here: it was solved, or cannot go on.
  var isOver: Bool { successOnce || failure != nil }

  /// Carries out an answer's action, in single precision as it is recorded.
  ///
  /// - Parameter action: `nil` where there was none, which is a failure, as is one that is not
  ///   finite.
  /// - Returns: What was carried out.
  /// - Precondition: The episode is not over.
  @discardableResult
  mutating func carryOut(_ action: Action?) throws -> Action? {
    precondition(!isOver, "the episode is over")
    guard let action, action.isFinite else {
      failure = .invalidAction
      return nil
    }
    let rounded = action.asRecorded
    let outcome = try environment.execute(rounded)
    actionCount += 1
    observation = outcome.observation
    successOnce = outcome.succeeded || outcome.isSolved
    successAtEnd = outcome.isSolved
    failure = outcome.failure.map(OutcomeFailure.init)
    simulatedSeconds += outcome.duration
    return rounded
  }
}
