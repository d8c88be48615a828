package import Manipulation

/// An episode that the scripted expert goes through, until the task is solved.
package struct ExpertRun: Sendable {
  /// What is seen at the start and after each action.
  package var observations: [Observation]
  package var actions: [Action]
  /// Whether the task was solved at some moment, and after the last action.
  package var succeeded: Bool
  package var isSolved: Bool
  package var failure: ExecutionFailure?
  /// Simulated seconds.
  package var duration: Double
  package var instruction: String

  /// Lets the expert act.
  ///
  /// - Parameter afterwards: Seconds to wait after the last action before the task counts as solved.
  /// - Throws: When no start is found.
  package init(
    in environment: TaskEnvironment, seed: UInt64, variation: Int = 0, afterwards: Double = 0
  ) throws {
    let start = try environment.start(seed: seed, variation: variation)
    observations = [start.observation]
    instruction = start.instruction
    actions = []
    (succeeded, isSolved, failure, duration) = (false, false, nil, 0)
    try environment.letExpertAct { action, outcome in
      observations.append(outcome.observation)
      actions.append(action)
      succeeded = succeeded || outcome.succeeded
      (isSolved, failure) = (outcome.isSolved, outcome.failure)
      duration += outcome.duration
    }
    guard afterwards > 0, failure == nil else { return }
    try environment.wait(seconds: afterwards)
    isSolved = environment.isSolved
  }
}
