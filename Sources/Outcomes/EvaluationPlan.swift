package import Manipulation

/// What an evaluation is asked to do: a YAML plan, or the command's flags, or both.
///
/// Every field but `methods` has a default, so a plan names only what it changes; a replay needs
/// `demonstrations`, and methods with a network need `checkpoint`. Checking the values is the
/// business of who runs the plan.
package struct EvaluationPlan: Codable, Equatable, Sendable {
  package var mode: EvaluationMode
  /// The demonstration files, one a task, in the order in which they are evaluated. In a rollout
  /// they serve calibration alone.
  package var demonstrations: [String]
  /// What the actions mean in files that do not say it, such as `delta-position+delta-euler-xyz+gripper-open`.
  package var actionConvention: String?
  /// The folder of the checkpoint; empty where no method has a network.
  package var checkpoint: String
  /// What tables call the policy; absent means as the checkpoint's folder is called. Labels that
  /// differ in a last part `/seed-<number>` alone are training seeds of one policy.
  package var label: String?
  /// Assignments to details of the checkpoint's configuration, such as `image.center_crop=0.9`.
  package var set: [String]
  /// What the network's products run in; absent means what suits the stored weights.
  package var dtype: ProductType?
  /// The data set whose statistics un-normalise the actions; may be left out when the checkpoint
  /// knows only one.
  package var unnormKey: String?
  /// The methods, in order: `dense`, `mole`, `early-exit`, `truncate:4`, `random:4`, …, and the
  /// scripted ones of a rollout, `oracle` and `home`.
  package var methods: [String]
  /// The share of the layers that a skipping method keeps, in (0, 1].
  package var keep: Double
  /// The camera whose picture the policy sees.
  package var camera: String
  package var split: DemonstrationSplit
  /// The number of episodes of each file or task; absent means all of a file.
  package var episodes: Int?
  package var seed: UInt64
  /// Queries per method that are asked before the first recorded one, and never recorded.
  package var warmup: Int
  /// The episodes of each file on which thresholds and fixed layer choices are calibrated.
  package var calibrationEpisodes: Int
  /// The files for that; empty means `demonstrations`.
  package var calibrationDemonstrations: [String]
  /// The name of the data set, or of the suite of tasks; part of each episode's identity and so
  /// of its seed.
  package var suite: String
  /// The tasks of a rollout; empty means those of the suite.
  package var tasks: [String]
  /// How the worlds of a rollout differ from those of the demonstrations.
  package var perturbations: [Perturbation]
  /// Which wording a rollout gives to the policy.
  package var instruction: Wording
  /// The most actions of a rollout's episode; absent means as the task says.
  package var budget: Int?
  /// The actions of an answer that a rollout carries out before it asks again.
  package var execute: Int
  /// The sides of a rollout's pictures, in pixels; absent means those that the policy looks at.
  package var imageSize: Int?
  /// Whether a replay carries out the policies' answers too, from the recorded start.
  package var openLoop: Bool
  package var shard: Shard?
  /// A prediction within this distance (m), and the two below, matches the key frame.
  package var positionTolerance: Double
  /// In degrees, geodesic.
  package var rotationTolerance: Double
  /// Questions that a policy is asked at once, and the worlds of a rollout that are open at a time;
  /// no result depends on it but the measured times (see `Policy.predict`).
  package var batch: Int
  /// Threads of the matrix library; absent means as many as there are processors.
  package var threads: Int?

  /// The sides of the pictures where no policy looks at them, in pixels: those of RLBench's.
  package static let usualPictureSize = 224

  /// The sides of a rollout's pictures; in a plan that is resolved no guess.
  package var pictureSize: Int { imageSize ?? EvaluationPlan.usualPictureSize }

  /// What tables call the policy.
  package var policyLabel: String {
    label ?? checkpoint.split(separator: "/").last.map(String.init) ?? checkpoint
  }

  /// The plan's keys as they stand in YAML and JSON.
  package enum CodingKeys: String, CodingKey, CaseIterable {
    case mode
    case demonstrations
    case actionConvention = "action_convention"
    case checkpoint
    case label
    case set
    case dtype
    case unnormKey = "unnorm_key"
    case methods
    case keep
    case camera
    case split
    case episodes
    case seed
    case warmup
    case calibrationEpisodes = "calibration_episodes"
    case calibrationDemonstrations = "calibration_demonstrations"
    case suite
    case tasks
    case perturbations
    case instruction
    case budget
    case execute
    case imageSize = "image_size"
    case openLoop = "open_loop"
    case shard
    case positionTolerance = "position_tolerance"
    case rotationTolerance = "rotation_tolerance"
    case batch
    case threads
  }

  /// Makes a plan with every default.
  package init(demonstrations: [String] = [], checkpoint: String = "", methods: [String] = []) {
    self.demonstrations = demonstrations
    self.checkpoint = checkpoint
    self.methods = methods
    set = []
    mode = .replay
    keep = 0.5
    camera = "front"
    split = .all
    seed = 0
    warmup = 2
    calibrationEpisodes = 4
    calibrationDemonstrations = []
    suite = "recorded"
    tasks = []
    perturbations = []
    instruction = .default
    execute = 1
    openLoop = false
    positionTolerance = 0.02
    rotationTolerance = 15
    batch = 1
  }

  package init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ field: inout Value) throws {
      field = try values.decodeIfPresent(Value.self, forKey: key) ?? field
    }
    try read(.mode, &mode)
    try read(.demonstrations, &demonstrations)
    actionConvention = try values.decodeIfPresent(String.self, forKey: .actionConvention)
    try read(.checkpoint, &checkpoint)
    label = try values.decodeIfPresent(String.self, forKey: .label)
    try read(.set, &set)
    dtype = try values.decodeIfPresent(ProductType.self, forKey: .dtype)
    unnormKey = try values.decodeIfPresent(String.self, forKey: .unnormKey)
    try read(.methods, &methods)
    try read(.keep, &keep)
    try read(.camera, &camera)
    try read(.split, &split)
    episodes = try values.decodeIfPresent(Int.self, forKey: .episodes)
    try read(.seed, &seed)
    try read(.warmup, &warmup)
    try read(.calibrationEpisodes, &calibrationEpisodes)
    try read(.calibrationDemonstrations, &calibrationDemonstrations)
    try read(.suite, &suite)
    try read(.tasks, &tasks)
    try read(.perturbations, &perturbations)
    try read(.instruction, &instruction)
    budget = try values.decodeIfPresent(Int.self, forKey: .budget)
    try read(.execute, &execute)
    imageSize = try values.decodeIfPresent(Int.self, forKey: .imageSize)
    try read(.openLoop, &openLoop)
    shard = try values.decodeIfPresent(Shard.self, forKey: .shard)
    try read(.positionTolerance, &positionTolerance)
    try read(.rotationTolerance, &rotationTolerance)
    try read(.batch, &batch)
    threads = try values.decodeIfPresent(Int.self, forKey: .threads)
  }
}

/// How a policy is put to the test.
package enum EvaluationMode: String, Codable, CaseIterable, Sendable {
  /// Recorded observations go to the policy, and its answers are compared with what was
  /// demonstrated. That is no success, whether or not the answers are carried out as well.
  case replay
  /// A policy acts in a simulated world, which shows it what its actions lead to.
  case rollout
}

/// Which of a file's episodes are used, by its masks.
package enum DemonstrationSplit: String, Codable, CaseIterable, Sendable {
  case train
  case valid
  case all
}
