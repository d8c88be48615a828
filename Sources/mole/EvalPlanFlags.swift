import ArgumentParser
import Demonstrations
import Outcomes

/// The fields of a plan as flags; what is not given stays as the plan has it.
struct EvalPlanFlags: ParsableArguments {
  @Option(help: "How policies are tested. (default: replay)")
  var mode: EvaluationMode?

  @Option(
    name: .customLong("demos"), parsing: .upToNextOption,
    help: "Demonstration files (HDF5), one a task.")
  var demonstrations: [String] = []

  @Option(
    help: """
      What the actions mean in files that do not declare it, such as \
      \(ActionConvention.native.name).
      """)
  var actionConvention: String?

  @Option(help: "The folder of the checkpoint.")
  var checkpoint: String?

  @Option(
    help: """
      The data set whose statistics un-normalise the actions; needed where the checkpoint knows \
      several.
      """)
  var unnormKey: String?

  @Option(help: "Methods with commas between, each with or without an amount; see above.")
  var methods: String?

  @Option(help: "What methods without an amount keep, in (0, 1]. (default: 0.5)")
  var keep: Double?

  @Option(help: "The camera that the policy looks through. (default: front)")
  var camera: String?

  @Option(help: "The episodes in a mask of the file, train or valid, or all. (default: all)")
  var split: DemonstrationSplit?

  @Option(help: "Episodes of each file; all when not given.")
  var episodes: Int?

  @Option(help: "The seed of everything random. (default: 0)")
  var seed: UInt64?

  @Option(help: "Unrecorded queries before the first of each method. (default: 2)")
  var warmup: Int?

  @Option(help: "Episodes of each file to calibrate methods on. (default: 4)")
  var calibrationEpisodes: Int?

  @Option(help: "The name of the data set, part of each episode's identity. (default: recorded)")
  var suite: String?

  @Option(help: "Evaluate one share of the episodes, such as 2/4; merge with 'mole eval merge'.")
  var shard: Shard?

  @Option(help: "A key frame is matched within this distance in metres, … (default: 0.02)")
  var positionTolerance: Double?

  @Option(help: "… this angle in degrees, and with the same gripper. (default: 15)")
  var rotationTolerance: Double?

  @Option(help: "Threads of the matrix library; as many as processors when not given.")
  var threads: Int?

  /// The plan with the given flags in place of its fields.
  func applied(to plan: EvaluationPlan) -> EvaluationPlan {
    var plan = plan
    plan.mode = mode ?? plan.mode
    if !demonstrations.isEmpty { plan.demonstrations = demonstrations }
    plan.actionConvention = actionConvention ?? plan.actionConvention
    plan.checkpoint = checkpoint ?? plan.checkpoint
    plan.unnormKey = unnormKey ?? plan.unnormKey
    plan.methods = methods.map(EvalPlanFlags.list) ?? plan.methods
    plan.keep = keep ?? plan.keep
    plan.camera = camera ?? plan.camera
    plan.split = split ?? plan.split
    plan.episodes = episodes ?? plan.episodes
    plan.seed = seed ?? plan.seed
    plan.warmup = warmup ?? plan.warmup
    plan.calibrationEpisodes = calibrationEpisodes ?? plan.calibrationEpisodes
    plan.suite = suite ?? plan.suite
    plan.shard = shard ?? plan.shard
    plan.positionTolerance = positionTolerance ?? plan.positionTolerance
    plan.rotationTolerance = rotationTolerance ?? plan.rotationTolerance
    plan.threads = threads ?? plan.threads
    return plan
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.drop { $0 == " " })
    }
  }
}

extension EvaluationMode: ExpressibleByArgument {}
extension DemonstrationSplit: ExpressibleByArgument {}

extension Shard: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }
}
