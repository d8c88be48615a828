/// The names of the layout that we write: robomimic's, with a few of ours. Each appears once.
enum Layout {
  static let format = "mole-1"
  static let data = "data"
  static let mask = "mask"
  static let trainMask = "mask/train"
  static let validMask = "mask/valid"
  static let imageSuffix = "_rgb"
  static let depthSuffix = "_depth"

  enum Attribute {
    static let total = "total"
    static let environment = "env_args"
    static let format = "format"
    static let task = "task"
    static let taskVersion = "task_version"
    static let convention = "action_convention"
    static let sampleCount = "num_samples"
    static let instruction = "language_instruction"
    static let instructions = "language_instructions"
    static let variation = "variation"
    static let seed = "seed"
    static let success = "success"
    static let source = "source"
    static let model = "model_file"
  }

  enum Dataset {
    static let actions = "actions"
    /// What was carried out, where that differs from `actions`; the last row is its action.
    static let executedActions = "actions_executed"
    static let keyframe = "keyframe"
    static let rewards = "rewards"
    static let dones = "dones"
    static let states = "states"
    static let gripperPose = "obs/gripper_pose"
    static let gripperOpen = "obs/gripper_open"
    static let jointPositions = "obs/joint_positions"
    static let jointVelocities = "obs/joint_velocities"
  }

  /// What happened between the frames, with as many rows as there are samples.
  enum Motion {
    static let prefix = "motion/"
    static let time = "motion/time"
    static let states = "motion/states"
    static let gripperPose = "motion/gripper_pose"
    static let gripperOpen = "motion/gripper_open"
    static let jointPositions = "motion/joint_positions"
    static let jointVelocities = "motion/joint_velocities"
  }

  static func episode(_ number: Int) -> String { "demo_\(number)" }

  /// The number in a name such as `demo_12` or `traj_3`; `nil` for any other name.
  static func number(of name: String, prefix: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(digits)
  }
}
