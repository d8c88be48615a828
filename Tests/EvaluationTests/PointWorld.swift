import Evaluation
import Foundation
import Manipulation
import Outcomes

/// A robot that is a point: the task is to be within 2 cm of a target that the seed places.
final class PointWorld: Environment {
  let task: String
  let variationCount = 2
  let actionBudget = 5
  /// Told of each start.
  var started: (UInt64, Int) -> Void = { _, _ in }
  private var state: [Double] = []
  private var start: (seed: UInt64, variation: Int) = (0, 0)
  private var opening = 1.0

  init(task: String = "reach") {
    self.task = task
  }

  func start(seed: UInt64, variation: Int) throws -> EnvironmentStart {
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, [String(variation)]))
    let target = (0..<3).map { _ in generator.uniform() * 0.5 }
    opening = 1
    state = [0, 0, 1] + [target[0], target[1], 1 + target[2]]
    start = (seed, variation)
    started(seed, variation)
    return EnvironmentStart(observation: observation, instruction: "reach target \(variation)")
  }

  func restore(_ recording: RecordedStart) throws -> EnvironmentStart {
    opening = 1
    state = recording.state
    start = (recording.seed, recording.variation)
    return EnvironmentStart(observation: observation, instruction: recording.instruction)
  }

  /// A step is at most half a metre long; below the table nothing is reached; far out is outside.
  func execute(_ action: Action) throws -> ActionOutcome {
    let goal = position + action.translation
    var failure: ExecutionFailure?
    if goal.z < 0.75 {
      failure = .unreachableTarget
    } else if abs(goal.x) > 2 {
      failure = .targetOutsideWorkspace
    } else {
      let length = (action.translation * action.translation).sum().squareRoot()
      let share = min(1, 0.5 / max(length, 1e-9))
      let reached = position + share * action.translation
      state = [reached.x, reached.y, reached.z] + state[3...]
      opening = action.gripper
    }
    return ActionOutcome(
      observation: observation, succeeded: isSolved, isSolved: isSolved, failure: failure,
      duration: 0.25)
  }

  func expertAction() -> Action? {
    Action(translation: target - position, eulerAngles: .zero, gripper: 1)
  }

  var recording: RecordedStart? {
    RecordedStart(
      state: state, variation: start.variation, seed: start.seed, instruction: "", taskVersion: "3",
      model: "<mujoco/>")
  }

  private var position: SIMD3<Double> { [state[0], state[1], state[2]] }
  private var target: SIMD3<Double> { [state[3], state[4], state[5]] }

  private var isSolved: Bool {
    let offset = target - position
    return (offset * offset).sum() <= 0.02 * 0.02
  }

  /// A picture of one colour, which tells where the point is.
  private var observation: Observation {
    let bytes = [position.x, position.y, position.z - 1].map {
      UInt8(max(0, min(255, $0 * 255)).rounded())
    }
    let pixels = (0..<8 * 6).flatMap { _ in bytes }
    return Observation(
      images: ["front": RGBImage(width: 8, height: 6, pixels: pixels)],
      gripperPose: Pose(position: position, rotation: .identity), gripperOpen: opening)
  }
}

/// A run of policies in point worlds.
struct PointRun {
  var policies: [any Policy] = [ScriptedMethod.oracle.policy, ScriptedPolicy.random]
  var tasks = ["reach", "touch"]
  var keepers: [any RolloutKeeper] = []
  var plan: EvaluationPlan = {
    var plan = EvaluationPlan(methods: ["oracle", "random"])
    plan.mode = .rollout
    plan.episodes = 3
    plan.suite = "points"
    plan.seed = 11
    return plan
  }()

  func prepared() throws -> PreparedRun {
    let rollouts = try tasks.map { task in
      try Rollout(plan: plan, keepers: keepers) { PointWorld(task: task) }
    }
    return PreparedRun(
      run: try EvaluationRun(
        plan: plan, methods: policies.map { EvaluatedMethod(policy: $0) }, tasks: rollouts),
      plan: plan, command: ["mole", "eval"],
      environment: RunEnvironment(
        commit: nil, uncommittedChanges: nil, compiler: "Swift", optimized: true, libraries: [:],
        processor: "any", processorCount: 2, threads: 1, operatingSystem: "Linux"),
      checkpointFiles: [], demonstrations: [],
      taskFiles: [FileDigest(path: "task.yaml", bytes: 1, sha256: "ef")])
  }

  @discardableResult
  func start(at path: String, watcher: RunWatcher = RunWatcher()) throws -> RunStatus {
    try RunSession.start(at: path, watcher: watcher, prepare: prepared)
  }

  @discardableResult
  func resume(at path: String, watcher: RunWatcher = RunWatcher()) throws -> RunStatus {
    try RunSession.resume(at: path, watcher: watcher, prepare: { _ in try prepared() })
  }
}
