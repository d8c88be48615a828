import ArgumentParser
import Foundation
import Outcomes
import Reports

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the tables, figures and pages of runs.",
    discussion: """
      Recomputes summary.json, tables/ and figures/ from each run's journal and prints the main \
      table. Several runs go into one folder each below --out. Tables are written as CSV, Markdown and \
      LaTeX (package booktabs); some are there only where the run has something to say:
        main, methods_by_task: methods and tasks, with success and cost
        compute, latency: work by part; percentiles, and deadlines at 5, 10
          and 20 Hz, by the layers that ran
        layer_usage, ..._by_result, ..._by_gripper, ..._difference: which
          layers ran; solved less unsolved episodes with intervals
        endings, success_three_ways: how episodes ended; success where the
          simulation itself failed, read three ways
        exit_thresholds: early exits under other thresholds, recomputed

      report.html has all of it in one file that needs no network, with episodes step by step: in \
      --out one page of all runs, else one in each run's folder.

      A replay and a rollout of the same policies also give, directly in --out, the tables and the \
      figure 'offline_vs_closed_loop': whether what replay says of methods and tasks foretells \
      their success.

      Rollouts on one suite, of whatever checkpoints, also give, directly in --out (a single one in \
      its own folder):
        side_by_side: a row a policy and method, with success and cost
        paired: rows against --against on the episodes that both saw, with
          the difference, its interval and McNemar's exact p-value
        policies_by_task: a row a policy, a column a task
        success_against_compute: table and figure; a line joins the amounts
          of one policy and method, and the frontier is marked, with each
          point's probability of being on it
        router_health: entropy of the layers' use, layers never or always
          used, how alike queries of one task and of different tasks choose
        paraphrases: how alike a policy chooses in other words, where runs
          of it differ in --instruction, or in perturbing it
        layer_usage_by_policy_and_gripper: table and figure; layers apart
          for an open and a closed gripper

      A policy is called by 'mole eval --label', or as its checkpoint's folder is. Labels that differ \
      in a last part '/seed-NUMBER' alone, such as mole/seed-1 and mole/seed-2, are training seeds \
      of one policy: they also get a row 'mole', the mean of their rates, whose interval is a \
      bootstrap over seeds and episodes. An episode that two runs of one policy hold counts once; \
      runs that only share their label are told apart by their names.

      'mole report --bundle DIR RUN…' writes all that is needed to recompute every table: the runs' \
      plans and journals, the report, and digests. 'mole report --check DIR' does recompute them; it \
      exits with 1 when a digit is another, and names table, row and column.
      """)

  @Argument(help: "Run directories, as 'mole eval --out' wrote them.")
  var runs: [String] = []

  @Option(help: "Where to write; without it, into the run directories themselves.")
  var out: String?

  @Option(
    help: ArgumentHelp(
      """
      Compare with this policy, such as dense, or mole:mole:6 for one of its methods; repeatable. \
      (default: the dense method, of the policy 'dense' where there is one)
      """, valueName: "policy[:method]"))
  var against: [String] = []

  @OptionGroup(title: "The page")
  var page: ReportPageFlags

  @Option(help: "Write runs and report into this new folder, as a bundle to be checked later.")
  var bundle: String?

  @Option(help: ArgumentHelp("Recompute the tables of a bundle.", valueName: "bundle"))
  var check: String?

  @Option(help: "How the tables are printed.")
  var format: TableFormat = .table

  func validate() throws {
    guard check == nil || runs.isEmpty && bundle == nil && out == nil && against.isEmpty else {
      throw ValidationError("'--check' takes a bundle alone, without runs and their options.")
    }
    guard bundle == nil || out == nil else {
      throw ValidationError("A bundle holds the report, so give '--bundle' or '--out'.")
    }
    guard check == nil && bundle == nil || page.isUsual else {
      throw ValidationError(
        "A bundle holds what follows from its runs alone; leave away pictures, '--published' and"
          + " '--viewer-episodes'.")
    }
    guard check != nil || !runs.isEmpty else {
      throw ValidationError("Missing expected argument '<runs> ...'")
    }
  }

  func run() throws {
    if let check { return try ReportBundling.check(check, format: format) }
    let runs = try runs.map { try RunDirectory(opening: URL(filePath: $0)) }
    for run in runs {
      guard let file = run.manifest.changedWhileRunning?.first else { continue }
      Console.say("The run '\(run.name)' cannot be trusted: '\(file)' changed while it was read.")
    }
    if let bundle {
      return try ReportBundling.write(runs, against: against, to: bundle, format: format)
    }
    let out = out.map { URL(filePath: $0) }
    let folders = try ReportWriter.folders(for: runs, below: out)
    var pair = try out == nil ? nil : RunPair(among: runs).map(PairTally.init)
    var rows = try rolloutFolder(runs, out).flatMap { _ in
      try RolloutSet(among: runs).map(SideBySideTally.init)
    }
    try checkAgainst(rows)
    var pages = try ReportPages(runs, out: out, flags: page)
    for (place, (run, folder)) in zip(runs, folders).enumerated() {
      let summary = try ReportWriter.write(run: run, to: folder) {
        pair?.add($0)
        rows?.add($0, ofRun: place)
        pages.add($0, ofRun: place)
      }
      pair?.add(summary)
      pages.add(summary, ofRun: place)
      Console.say("Wrote the report of '\(run.name)' to \(folder.path)")
      // Rows of one table say it better where there are many runs.
      if rows == nil || runs.count == 1 || summary.mode == .replay {
        Console.show(summary, as: format)
      }
    }
    var offline: OfflineClosedLoop?
    var sideBySide: SideBySide?
    if let out, let pair { offline = try compare(pair, writingTo: out) }
    if let rows, let folder = rolloutFolder(runs, out) {
      sideBySide = try compare(rows, isAlone: runs.count == 1, writingTo: folder)
    }
    try pages.write(sideBySide: sideBySide, offline: offline, format: format)
  }

  /// Where rollouts are compared: in `--out`, and a single run's in its own folder.
  private func rolloutFolder(_ runs: [RunDirectory], _ out: URL?) -> URL? {
    out ?? (runs.count == 1 ? runs[0].url : nil)
  }

  /// Before much is read.
  private func checkAgainst(_ rows: SideBySideTally?) throws {
    try rows?.checkBases(against)
    guard against.isEmpty || rows != nil else {
      throw ValidationError(
        "'--against' compares rollouts, so name one of them, or several and '--out'.")
    }
  }

  private func compare(
    _ tally: PairTally, writingTo out: URL
  ) throws -> OfflineClosedLoop {
    let comparison = tally.compared()
    try ReportWriter.write(comparison, to: out)
    Console.say("Wrote offline against closed loop to \(out.path)")
    for table in [OfflineClosedLoopTable.table(comparison), AgreementTable.table(comparison)] {
      print("\n" + table.rendered(as: format, width: Console.width), terminator: "")
    }
    return comparison
  }

  private func compare(
    _ tally: SideBySideTally, isAlone: Bool, writingTo folder: URL
  ) throws -> SideBySide {
    let sideBySide = try tally.compared(against: against)
    try ReportWriter.write(sideBySide, to: folder)
    Console.say("Wrote policies side by side to \(folder.path)")
    // A run that is alone has shown its main table.
    let shown = format == .table ? sideBySide.brief : sideBySide
    var tables = isAlone ? [] : [SideBySideTable.table(shown)]
    if !isAlone || !against.isEmpty { tables.append(PairedTable.table(shown)) }
    let texts = tables.map { $0.rendered(as: format, width: Console.width) }
    print((isAlone && !texts.isEmpty ? "\n" : "") + texts.joined(separator: "\n"), terminator: "")
    return sideBySide
  }
}
