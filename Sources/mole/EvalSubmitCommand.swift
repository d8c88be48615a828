import ArgumentParser
import Evaluation
import Foundation
import Outcomes

struct EvalSubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Hand a run to a cluster: a job a shard, and one that merges.",
    discussion: """
      What follows '--' is a run as 'mole eval' takes it, with '--out RUN'. Scripts, messages and \
      shards go to RUN.slurm, the merged run to RUN when all shards are complete. The numbers of the \
      array job and of the job that merges are printed. Submitted again, or started again by Slurm, a \
      shard goes on where it stopped.

        mole eval submit --slurm --shards 20 --sbatch --mem=16G -- \\
          --mode rollout --suite mole10 --checkpoint nano \\
          --methods dense,mole --out run
      """)

  @Flag(help: "Submit to Slurm, by 'sbatch'.")
  var slurm = false

  @Option(help: "The number of shards, each a job of the array.")
  var shards: Int

  @Option(help: "The most shards that run at the same time.")
  var atOnce: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("An option for 'sbatch', of both jobs; repeatable.", valueName: "option"))
  var sbatch: [String] = []

  @Flag(help: "Print scripts and commands, and submit nothing.")
  var dryRun = false

  @Argument(parsing: .postTerminator, help: "The flags of the run.")
  var flags: [String] = []

  func validate() throws {
    guard slurm else { throw ValidationError("Name the cluster's system: '--slurm'.") }
    try check("--shards", shards, in: SlurmArray.shardCounts)
    if let atOnce { try check("--at-once", atOnce, in: SlurmArray.shardCounts) }
    for option in sbatch where EvalSubmitCommand.isOurs(option) {
      throw ValidationError(
        "'\(option)' is chosen by 'mole eval submit'; give '--shards' and '--at-once' instead.")
    }
  }

  func run() throws {
    let array = try slurmArray()
    guard !dryRun else { return show(array) }
    let jobs = try SlurmSubmission(array).submit()
    Console.say(
      "Submitted the array job \(jobs.array) of \(shards) shards, and job \(jobs.merge), which merges"
        + " them into '\(array.out)'; their messages are in '\(array.logs)'.")
    print("\(jobs.array)\n\(jobs.merge)")
  }

  private func slurmArray() throws -> SlurmArray {
    let asked = try EvalRunCommand.parse(flags)
    guard let out = asked.out, asked.flags.shard == nil else {
      throw ValidationError(
        "Give '--out RUN' behind '--', and neither '--resume' nor '--shard', which the jobs do.")
    }
    // What is wrong with the plan shall be said now, not in the queue.
    let plan = try asked.askedPlan(
      over: EvaluationPlan(), EvalWorlds(folder: asked.folder.path))
    try checkEpisodes(of: plan)
    return SlurmArray(
      program: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path,
      flags: EvalSubmitCommand.withoutOut(flags), shardCount: shards,
      out: URL(fileURLWithPath: out).standardizedFileURL.path,
      workingFolder: FileManager.default.currentDirectoryPath, options: sbatch, atOnce: atOnce)
  }

  /// A shard without an episode would fail; how many a replay has only its files say.
  private func checkEpisodes(of plan: EvaluationPlan) throws {
    guard plan.mode == .rollout, let episodes = plan.episodes else { return }
    let (count, isHuge) = plan.tasks.count.multipliedReportingOverflow(by: episodes)
    guard isHuge || shards <= count else {
      throw ValidationError("'--shards' is \(shards), more than the run's \(count) episodes.")
    }
  }

  private func show(_ array: SlurmArray) {
    for (path, text) in [
      (array.shardScript, array.shardText), (array.mergeScript, array.mergeText),
    ] {
      print("# \(path)\n\(text)")
    }
    print(ShellText.command(array.shardCommand))
    print(ShellText.command(array.mergeCommand(after: "ARRAY-JOB")))
  }

  /// Options that would take the array apart.
  private static func isOurs(_ option: String) -> Bool {
    let name = option.prefix { $0 != "=" }
    return ["--array", "--dependency", "--chdir", "--wrap", "--parsable"].contains(name)
      || ["-a", "-d", "-D"].contains { option.hasPrefix($0) }
  }

  /// The flags but for '--out' and its value, which the parser has found there.
  private static func withoutOut(_ flags: [String]) -> [String] {
    var rest: [String] = []
    var isValue = false
    for flag in flags {
      if !isValue, flag != "--out", !flag.hasPrefix("--out=") { rest.append(flag) }
      isValue = !isValue && flag == "--out"
    }
    return rest
  }
}
