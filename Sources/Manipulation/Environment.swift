/// A task in a world that can be acted in: a simulator, or something that behaves like one.
///
/// One environment serves one task and one episode at a time. What happens depends on the start
/// and the actions alone: the same seed and actions give the same observations, bit for bit on
/// one machine.
package protocol Environment: AnyObject {
  var task: String { get }
  /// How many variations the task has; they are numbered from 0.
  var variationCount: Int { get }
  /// The most actions that an episode may take.
  var actionBudget: Int { get }

  /// Starts an episode that follows from `seed`.
  ///
  /// - Throws: When no valid start is found, or the task's files are wrong.
  func start(seed: UInt64, variation: Int) throws -> EnvironmentStart

  /// Starts an episode as it was recorded.
  ///
  /// - Throws: When the recording does not fit this task.
  func restore(_ recording: RecordedStart) throws -> EnvironmentStart

  /// Carries out one action: the arm moves to the asked pose, then the gripper opens or closes.
  ///
  /// What the action makes impossible (an unreachable target, a diverged simulation) is an outcome,
  /// not an error; the episode is over then.
  func execute(_ action: Action) throws -> ActionOutcome

  /// What the scripted expert, who knows the simulator's state, would do now; `nil` when it has
  /// nothing left to do.
  func expertAction() throws -> Action?

  /// What happened since this was last asked, or since the start; empty, the default, where the
  /// world takes no notes.
  func takeMotion() -> [MotionSample]

  /// What `restore` needs to go on from this very moment; `nil`, the default, where the world
  /// cannot be written down.
  var recording: RecordedStart? { get }
}

extension Environment {
  package func takeMotion() -> [MotionSample] { [] }
  package var recording: RecordedStart? { nil }
}

/// The beginning of an episode.
package struct EnvironmentStart: Sendable {
  package var observation: Observation
  package var instruction: String

  package init(observation: Observation, instruction: String) {
    self.observation = observation
    self.instruction = instruction
  }
}

/// The start of an episode as a file holds it.
package struct RecordedStart: Sendable {
  /// The whole state of the simulator.
  package var state: [Double]
  package var variation: Int
  package var seed: UInt64
  package var instruction: String
  package var taskVersion: String
  /// The simulated world as MJCF.
  package var model: String?
  /// In what ways the world differed from the plain one; `nil` where the file does not say it.
  package var perturbations: [String]?

  package init(
    state: [Double], variation: Int, seed: UInt64, instruction: String, taskVersion: String,
    model: String?, perturbations: [String]? = nil
  ) {
    self.state = state
    self.variation = variation
    self.seed = seed
    self.instruction = instruction
    self.taskVersion = taskVersion
    self.model = model
    self.perturbations = perturbations
  }
}

/// What came of one action.
package struct ActionOutcome: Sendable {
  /// What is seen afterwards.
  package var observation: Observation
  /// Whether the task was solved at some moment of the action.
  package var succeeded: Bool
  /// Whether the task is solved after it.
  package var isSolved: Bool
  /// Why the action could not be carried out; the episode is over then.
  package var failure: ExecutionFailure?
  /// Simulated seconds that the action took.
  package var duration: Double

  package init(
    observation: Observation, succeeded: Bool, isSolved: Bool, failure: ExecutionFailure? = nil,
    duration: Double
  ) {
    self.observation = observation
    self.succeeded = succeeded
    self.isSolved = isSolved
    self.failure = failure
    self.duration = duration
  }
}

/// What makes an action impossible to carry out.
package enum ExecutionFailure: String, Error, Codable, CaseIterable, Sendable {
  /// No joint angles within their limits reach the pose, or no path leads there.
  case unreachableTarget = "unreachable_target"
  /// The target position lies outside the workspace.
  case targetOutsideWorkspace = "target_outside_workspace"
  /// The target orientation is no rotation (a quaternion without length, a value not finite).
  case invalidRotation = "invalid_rotation"
  /// The simulation left the finite numbers or its engine reported instability.
  case divergedSimulation = "diverged_simulation"
}
