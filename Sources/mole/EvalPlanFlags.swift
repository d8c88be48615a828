import ArgumentParser
import Demonstrations
import Manipulation
import Outcomes

/// The fields of a plan as flags; what is not given stays as the plan has it.
struct EvalPlanFlags: ParsableArguments {
  @Option(help: "How policies are tested. (default: replay)")
  var mode: EvaluationMode?

  @Option(
    name: .customLong("demos"), parsing: .upToNextOption,
    help: "Demonstration files (HDF5), one a task; a rollout only calibrates on them.")
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
      What 'mole report' calls the policy; as the checkpoint's folder when not given. NAME/seed-1, \
      NAME/seed-2, … are training seeds of one policy.
      """)
  var label: String?

  @OptionGroup var settings: ConfigurationSettings

  @Option(
    help: """
      The data set whose statistics un-normalise the actions; needed where the checkpoint knows \
      several.
      """)
  var unnormKey: String?

  @Option(
    help: "What products run in: f32, bf16 or int8; what suits the stored weights when not given.")
  var dtype: ProductType?

  @Option(help: "Methods with commas between, each with or without an amount; see above.")
  var methods: NameList?

  @Option(help: "What methods without an amount keep, in (0, 1]. (default: 0.5)")
  var keep: Double?

  @Option(help: "The camera that the policy looks through. (default: front)")
  var camera: String?

  @Option(help: "The episodes in a mask of the file, train or valid, or all. (default: all)")
  var split: DemonstrationSplit?

  @Option(help: "Episodes of each file or task. (default: all of a file, 25 of a rollout's task)")
  var episodes: Int?

  @Option(help: "The seed of everything random. (default: 0)")
  var seed: UInt64?

  @Option(help: "Unrecorded queries before the first of each method. (default: 2)")
  var warmup: Int?

  @Option(help: "Episodes of each file to calibrate methods on. (default: 4)")
  var calibrationEpisodes: Int?

  @Option(
    name: .customLong("calibration-demos"), parsing: .upToNextOption,
    help: "Demonstration files to calibrate methods on, where not on those of '--demos'.")
  var calibrationDemonstrations: [String] = []

  @Option(
    help: """
      The suite of a rollout's tasks, or a replay's name of its data; part of each episode's \
      identity. (default: all12, recorded)
      """)
  var suite: String?

  @Option(help: "Tasks of a rollout with commas between; all of the suite when not given.")
  var tasks: NameList?

  @OptionGroup var perturb: PerturbationOption

  @Option(help: "The wording that a rollout gives. (default: default)")
  var instruction: Wording?

  @Option(help: "The most actions of a rollout's episode; as the task says when not given.")
  var budget: Int?

  @Option(
    help: "Actions of an answer that a rollout carries out before it asks again. (default: 1)")
  var execute: Int?

  @Option(help: "The sides of a rollout's pictures in pixels; the policy's own when not given.")
  var imageSize: Int?

  @Flag(help: "In a replay carry out the answers too, from the recorded start, and judge them.")
  var openLoop = false

  @Option(
    help: """
      Evaluate one share of the episodes, such as 2/4, or 'auto' for the one that Slurm's job array \
      or an indexed job of Kubernetes gives; merge with 'mole eval merge'.
      """)
  var shard: ShardChoice?

  @Option(help: "A key frame is matched within this distance in metres, … (default: 0.02)")
  var positionTolerance: Double?

  @Option(help: "… this angle in degrees, and with the same gripper. (default: 15)")
  var rotationTolerance: Double?

  @Option(
    help: "Questions asked at once, and worlds of a rollout open at a time, 1 to 256. (default: 1)")
  var batch: Int?

  @Option(help: "Threads of the matrix library; as many as processors when not given.")
  var threads: Int?

  /// The plan with the given flags in place of its fields.
  ///
  /// - Throws: `EvaluationError.noArrayShare`.
  func applied(to plan: EvaluationPlan) throws -> EvaluationPlan {
    var plan = plan
    plan.mode = mode ?? plan.mode
    if !demonstrations.isEmpty { plan.demonstrations = demonstrations }
    plan.actionConvention = actionConvention ?? plan.actionConvention
    plan.checkpoint = checkpoint ?? plan.checkpoint
    plan.label = label ?? plan.label
    if !settings.set.isEmpty { plan.set = settings.set }
    plan.dtype = dtype ?? plan.dtype
    plan.unnormKey = unnormKey ?? plan.unnormKey
    plan.methods = methods?.names ?? plan.methods
    plan.shard = try shard?.shard() ?? plan.shard
    applyToEpisodes(&plan)
    applyToWorlds(&plan)
    plan.keep = keep ?? plan.keep
    plan.positionTolerance = positionTolerance ?? plan.positionTolerance
    plan.rotationTolerance = rotationTolerance ?? plan.rotationTolerance
    plan.batch = batch ?? plan.batch
    plan.threads = threads ?? plan.threads
    return plan
  }

  private func applyToEpisodes(_ plan: inout EvaluationPlan) {
    plan.camera = camera ?? plan.camera
    plan.split = split ?? plan.split
    plan.episodes = episodes ?? plan.episodes
    plan.seed = seed ?? plan.seed
    plan.warmup = warmup ?? plan.warmup
    plan.calibrationEpisodes = calibrationEpisodes ?? plan.calibrationEpisodes
    if !calibrationDemonstrations.isEmpty {
      plan.calibrationDemonstrations = calibrationDemonstrations
    }
    plan.suite = suite ?? plan.suite
  }

  private func applyToWorlds(_ plan: inout EvaluationPlan) {
    plan.tasks = tasks?.names ?? plan.tasks
    plan.perturbations = perturb.perturbations ?? plan.perturbations
    plan.instruction = instruction ?? plan.instruction
    plan.budget = budget ?? plan.budget
    plan.execute = execute ?? plan.execute
    plan.imageSize = imageSize ?? plan.imageSize
    plan.openLoop = openLoop || plan.openLoop
  }
}
