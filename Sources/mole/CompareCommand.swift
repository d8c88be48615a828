import ArgumentParser
import Foundation
import Gates
import Outcomes
import Reports

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Hold a candidate's run against a base's, pair by pair.",
    discussion: """
      A gate for checkpoints: both runs must have taken the same episodes under the same rules, \
      which is proved before anything is tested; what broke it is named. Each check then says of \
      the candidate that it regressed, is better, is not worse (by the margin), or that the \
      episodes cannot tell, with the effect, its interval and, for success, a p-value. Tasks are a \
      family under Holm's method.

      Rollouts are judged by success, replays by nearness to the demonstrations; both by executed \
      MACs, latency (on one kind of machine) and which layers ran.
        mole compare base candidate
        mole compare run run --base-method dense --candidate-method mole
        mole compare base candidate --gate gate.yaml --junit gate.xml
        mole compare --print-gate > gate.yaml

      With two plans of rollouts and '--sequential' both are run, round by round, until the \
      verdict is in:
        mole compare --sequential --base-plan a.yaml --candidate-plan b.yaml --rounds 20 --out DIR

      Exit codes: 0 nothing regressed, 1 something did, 2 the episodes cannot tell (the gate file \
      may let that pass), 65 the runs are no pairs or are damaged, 66 a run or file is missing.
      """)

  @Argument(help: "The run directory that is held to be good.")
  var base: String?

  @Argument(help: "The run directory in question.")
  var candidate: String?

  @Option(help: "The base's method. (default: its only one, or those of one name in both)")
  var baseMethod: String?

  @Option(help: "The candidate's method. (default: its only one, or those of one name in both)")
  var candidateMethod: String?

  @Option(help: "Tasks with commas between; all when not given.")
  var tasks: NameList?

  @Option(help: "What success is: at_end or once. (default: as the gate says, at_end)")
  var success: GateSettings.Success.Measure?

  @Option(help: "A gate in YAML: margins, levels, and which checks are on.")
  var gate: String?

  @Flag(help: "Compare the episodes that both runs have, and list the others.")
  var allowPartial = false

  @Flag(
    help: """
      Judge rollouts' success as if the pairs had come one by one, over all tasks, by a test that \
      may stop at any pair, and say where it would have stopped.
      """)
  var sequential = false

  @OptionGroup(title: "Running both") var plans: ComparePlans

  @OptionGroup(title: "Output") var output: CompareOutputFlags

  @Flag(help: "Print the gate with every key, as '--gate' takes it, and compare nothing.")
  var printGate = false

  func validate() throws {
    guard printGate || plans.isAsked || candidate != nil else {
      throw ValidationError("Name two run directories, the base's and the candidate's.")
    }
    guard !plans.isAsked || sequential && base == nil else {
      throw ValidationError("Plans are run with '--sequential', in place of two run directories.")
    }
  }

  func run() throws {
    let settings = try self.settings()
    if plans.isAsked, !printGate { return try runPlans(by: settings) }
    guard !printGate, let base, let candidate else {
      print(GateFile.yaml(settings), terminator: "")
      return
    }
    let comparison = try compared(base, candidate)
    guard !sequential || comparison.base.plan.mode == .rollout else {
      throw ValidationError("'--sequential' judges success, so name two rollouts.")
    }
    let report = GateReport(
      judging: comparison, by: settings, allowPartial: allowPartial, sequentially: sequential)
    try output.show(report)
    try comparison.check(allowPartial: allowPartial)
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  private func runPlans(by settings: GateSettings) throws {
    guard let format = TableFormat(rawValue: output.format.rawValue) else {
      throw ValidationError("'--format \(output.format.rawValue)' is for two runs that are there.")
    }
    let (gate, rounds) = try plans.run(by: settings) { base, candidate in
      let methods = try MethodPair.choose(
        base: base, candidate: candidate, baseMethod: baseMethod, candidateMethod: candidateMethod)
      guard methods.count == 1 else {
        throw ValidationError(
          "Choose one method of each with '--base-method' and '--candidate-method'.")
      }
      return methods
    }
    let table = Table.sequential(gate, rounds: rounds, of: plans.rounds, settings: settings)
    print(table.rendered(as: format, width: Console.width), terminator: "")
    switch gate.verdict {
    case .regressed: throw ExitCode(1)
    case nil, .cannotTell: if settings.cannotTell == .fail { throw ExitCode(2) }
    case .better, .notWorse, .notJudged: return
    }
  }

  private func settings() throws -> GateSettings {
    var settings = try gate.map(GateFile.read(path:)) ?? GateSettings()
    settings.success.measure = success ?? settings.success.measure
    return settings
  }

  private func compared(_ base: String, _ candidate: String) throws -> RunComparison {
    let (one, other) = (try side(base), try side(candidate))
    let methods = try MethodPair.choose(
      base: one, candidate: other, baseMethod: baseMethod, candidateMethod: candidateMethod)
    return try RunComparison(base: one, candidate: other, methods: methods, tasks: tasks?.names)
  }

  private func side(_ path: String) throws -> RunSide {
    try RunSide(reading: RunDirectory(opening: URL(filePath: path)), named: path)
  }
}

/// How a gate's report is shown, and where else it is written.
struct CompareOutputFlags: ParsableArguments {
  @Option(help: "How the report is printed.")
  var format: GateFormat = .table

  @Option(help: "Write the report as JUnit XML to this file as well.")
  var junit: String?

  @Option(help: "Write the report as Markdown to this file as well.")
  var markdown: String?

  @Option(
    help: """
      Add the report to this file of a GitHub step. (default: what GITHUB_STEP_SUMMARY names)
      """)
  var githubSummary: String?

  /// Prints the report and writes it wherever it was asked for.
  func show(_ report: GateReport) throws {
    print(try report.rendered(as: format, width: Console.width), terminator: "")
    if let junit { try report.write(to: junit, as: .junit) }
    if let markdown { try report.write(to: markdown, as: .markdown) }
    let named = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"]
    let summary = githubSummary ?? named ?? ""
    if !summary.isEmpty { try report.append(toStepSummary: summary) }
  }
}

extension GateFormat: ExpressibleByArgument {}
extension GateSettings.Success.Measure: ExpressibleByArgument {}

extension GateReport {
  /// 1 and 2 answer the question; what keeps runs from being compared is an error.
  fileprivate var exitCode: Int32 {
    switch outcome {
    case .passed, .notPaired: 0
    case .regressed: 1
    case .cannotTell: 2
    }
  }
}
