import Manipulation

/// A world on a line: the gripper starts where the seed says and the task is to reach x = 1.
final class CountingWorld: Environment {
  let task = "reach"
  let variationCount = 2
  let actionBudget = 4
  private var x = 0.0
  private var time = 0.0
  private var seed: UInt64 = 0
  private var variation = 0
  private var motion: [MotionSample] = []
  /// Seeds at which the expert stays where it is.
  let isHopeless: (UInt64) -> Bool

  /// How far from the goal is near enough.
  let tolerance: Double
  /// Whether the expert closes the gripper where it arrives.
  let closes: Bool
  /// How far the expert goes in one action at most.
  let stride: Double

  init(
    tolerance: Double = 1e-3, closes: Bool = false, stride: Double = 2,
    isHopeless: @escaping (UInt64) -> Bool = { _ in false }
  ) {
    (self.tolerance, self.closes, self.stride) = (tolerance, closes, stride)
    self.isHopeless = isHopeless
  }

  private var observation: Observation {
    Observation(
      images: [
        "front": RGBImage(
          width: 2, height: 2,
          pixels: Array(repeating: UInt8(clamping: Int(x * 100)), count: 12))
      ],
      gripperPose: Pose(position: [x, 0, 1], rotation: .identity), gripperOpen: 1,
      jointPositions: [x])
  }

  private var isSolved: Bool { abs(x - 1) < tolerance }

  func start(seed: UInt64, variation: Int) -> EnvironmentStart {
    (self.seed, self.variation, time, motion) = (seed, variation, 0, [])
    x = Double(seed % 50) / 100
    return EnvironmentStart(observation: observation, instruction: "reach \(variation)")
  }

  func restore(_ recording: RecordedStart) -> EnvironmentStart {
    (seed, variation, motion) = (recording.seed, recording.variation, [])
    (x, time) = (recording.state[0], recording.state[1])
    return EnvironmentStart(observation: observation, instruction: recording.instruction)
  }

  func execute(_ action: Action) -> ActionOutcome {
    for _ in 0..<3 {
      x += action.translation.x / 3
      time += 0.05
      motion.append(
        MotionSample(
          time: time, observation: observation, jointVelocities: [0], state: [x, time],
          isSolved: isSolved))
    }
    return ActionOutcome(
      observation: observation, succeeded: isSolved, isSolved: isSolved, duration: 0.15)
  }

  /// Half of the way, then all of it, in strides.
  func expertAction() -> Action? {
    let left = isHopeless(seed) ? 0 : 1 - x
    return Action(
      translation: [min(stride, time == 0 ? left / 2 : left), 0, 0], eulerAngles: [0, 0, 0],
      gripper: closes && time > 0 ? 0 : 1)
  }

  func takeMotion() -> [MotionSample] {
    defer { motion = [] }
    return motion
  }

  var recording: RecordedStart? {
    RecordedStart(
      state: [x, time], variation: variation, seed: seed, instruction: "reach \(variation)",
      taskVersion: "1", model: "<mujoco/>")
  }
}
