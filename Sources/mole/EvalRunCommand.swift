import ArgumentParser
import Evaluation
import Foundation
import Outcomes
import Reports

struct EvalRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Evaluate policies and write a run directory (the default).",
    discussion: """
      In a replay each key frame of the demonstrations goes to each policy, and its answer is \
      compared with what was demonstrated: an offline measure, not success. In a rollout the \
      policies act in simulated worlds, which show them what they lead to: success is judged. The \
      main table is printed at the end; the run directory holds the plan, the journal, all tables \
      and figures.

      A new run needs --methods, mostly --checkpoint, and in a replay --demos, by flag or in a plan:
        mole eval --demos jar.hdf5 --checkpoint nano --methods dense,mole --out run
        mole eval --mode rollout --suite mole10 --checkpoint nano --methods dense,mole --out run
      An interrupted run goes on with 'mole eval --resume run'. 'mole eval merge' puts shards \
      together.

      Methods, with an amount as a number of layers or as a share of them:
        dense          all layers; what the others are compared with
        mole:8         MoLe-VLA's router picks the layers
        early-exit:8   stops where the action settles, at about this depth (DeeR)
        truncate:8     the first layers
        random:8       any layers
        static:8       the most influential layers of the calibration (ShortGPT)
        mod:0.5        each layer sees this share of the tokens (Mixture-of-Depths)
      without a checkpoint:
        oracle         what the scripted expert, or the demonstrator, would do
        home           always back to the home pose
      """)

  @OptionGroup(title: "The plan") var flags: EvalPlanFlags

  @OptionGroup(title: "What is kept of a rollout") var keeping: EvalKeepingFlags

  @OptionGroup var folder: TaskFolderOption

  @Option(help: "A plan in YAML; flags win over it.")
  var plan: String?

  @Option(help: "The run directory to make.")
  var out: String?

  @Option(help: "Go on with the run in this directory, by its own plan.")
  var resume: String?

  @Option(help: "How the main table is printed.")
  var format: TableFormat = .table

  func validate() throws {
    guard (out == nil) != (resume == nil) else {
      throw ValidationError("Give either '--out' for a new run, or '--resume' to go on with one.")
    }
  }

  func run() throws {
    Interruption.watch()
    let display = ProgressDisplay()
    let watcher = RunWatcher(
      shouldStop: { Interruption.isRequested }, report: display.show, notify: display.say)
    if let notice = try flags.shard?.notice() { display.say(notice) }
    let path = out ?? resume ?? ""
    let status = try out == nil ? goOn(path, watcher) : start(path, watcher)
    display.finish()
    guard status == .complete else {
      display.say("Interrupted; go on with 'mole eval --resume \(path)'.")
      throw ExitCode(130)
    }
    try EvalReport.write(run: path, format: format)
  }

  private func start(_ path: String, _ watcher: RunWatcher) throws -> RunStatus {
    let worlds = EvalWorlds(folder: folder.path)
    let plan = try askedPlan(over: EvaluationPlan(), worlds)
    return try RunSession.start(at: path, watcher: watcher) {
      try preparation(of: plan, worlds, watcher).run()
    }
  }

  private func goOn(_ path: String, _ watcher: RunWatcher) throws -> RunStatus {
    let worlds = EvalWorlds(folder: folder.path)
    return try RunSession.resume(at: path, watcher: watcher) { stored in
      try askedPlan(over: stored, worlds)
    } prepare: { stored in
      try preparation(of: stored, worlds, watcher).run()
    }
  }

  /// The flags over the plan's file, or over a plan where none is named; checked, and with the tasks
  /// of its suite.
  func askedPlan(over plan: EvaluationPlan, _ worlds: EvalWorlds) throws -> EvaluationPlan {
    let asked = try flags.applied(to: self.plan.map(PlanText.read(path:)) ?? plan)
    try asked.check()
    try keeping.check(for: asked)
    return try asked.completed(worlds)
  }

  private func preparation(
    of plan: EvaluationPlan, _ worlds: EvalWorlds, _ watcher: RunWatcher
  ) -> EvalPreparation {
    EvalPreparation(
      plan: plan, worlds: worlds, keepers: keeping.keepers, notify: watcher.notify)
  }
}

/// What is printed when a run is complete.
enum EvalReport {
  static func write(run path: String, format: TableFormat) throws {
    let directory = URL(fileURLWithPath: path)
    let summary = try ReportWriter.write(run: RunDirectory(opening: directory), to: directory)
    Console.show(summary, as: format)
  }
}
