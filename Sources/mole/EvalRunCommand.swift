import ArgumentParser
import Evaluation
import Foundation
import Outcomes
import Reports

struct EvalRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Evaluate policies and write a run directory (the default).",
    discussion: """
      Each key frame of the demonstrations goes to each policy, and its answer is compared with \
      what was demonstrated: an offline measure, not success. An interrupted run goes on with \
      --resume. The main table is printed at the end.
      """)

  @OptionGroup(title: "The plan") var flags: EvalPlanFlags

  @Option(help: "A plan in YAML; flags win over it.")
  var plan: String?

  @Option(help: "The run directory to make.")
  var out: String?

  @Option(help: "Go on with the run in this directory, by its own plan.")
  var resume: String?

  @Option(help: "How the main table is printed: table, csv, markdown or json.")
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
    let plan = try flags.applied(to: plan.map(PlanText.read(path:)) ?? EvaluationPlan())
    try plan.check()
    return try RunSession.start(at: path, watcher: watcher) {
      try EvalPreparation(plan: plan, notify: watcher.notify).run()
    }
  }

  private func goOn(_ path: String, _ watcher: RunWatcher) throws -> RunStatus {
    try RunSession.resume(at: path, watcher: watcher) { stored in
      try flags.applied(to: plan.map(PlanText.read(path:)) ?? stored)
    } prepare: { stored in
      try EvalPreparation(plan: stored, notify: watcher.notify).run()
    }
  }
}

/// What is printed when a run is complete.
enum EvalReport {
  static func write(run path: String, format: TableFormat) throws {
    let directory = URL(fileURLWithPath: path)
    let summary = try ReportWriter.write(run: RunDirectory(opening: directory), to: directory)
    print(MainTable.table(summary).rendered(as: format), terminator: "")
  }
}
