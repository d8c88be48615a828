import ArgumentParser
import Evaluation
import Foundation
import Gates
import Outcomes
import Reports
import Statistics

/// Two plans that are run in rounds, side by side, until a sequential gate can tell.
struct ComparePlans: ParsableArguments {
  @Option(help: "A rollout's plan in YAML that is run as the base, with '--candidate-plan'.")
  var basePlan: String?

  @Option(help: "The candidate's plan; of the same episodes.")
  var candidatePlan: String?

  @Option(help: "Rounds into which the plans' episodes are dealt; the gate looks after each.")
  var rounds = 10

  @Option(help: "The folder of the rounds' runs; those that are complete are taken as they are.")
  var out: String?

  /// Whether there is something to run.
  var isAsked: Bool { basePlan != nil || candidatePlan != nil }

  func validate() throws {
    guard isAsked else { return }
    guard basePlan != nil, candidatePlan != nil, out != nil else {
      throw ValidationError("'--base-plan', '--candidate-plan' and '--out' go together.")
    }
    try check("--rounds", rounds, in: 1...10_000)
  }

  /// Runs round after round.
  ///
  /// - Returns: The gate as it stopped, and the rounds that it took.
  func run(
    by settings: GateSettings, methods choose: (RunSide, RunSide) throws -> [MethodPair]
  ) throws -> (gate: SequentialGate, rounds: Int) {
    Interruption.watch()
    let worlds = EvalWorlds(folder: nil)
    let plans = try [basePlan, candidatePlan].compactMap(\.self).map {
      try PlanText.read(path: $0).completed(worlds)
    }
    guard plans.allSatisfy({ $0.mode == .rollout && $0.shard == nil }) else {
      throw ValidationError("Both plans must be whole rollouts, whose success can be judged.")
    }
    var gate = SequentialGate(margin: settings.success.margin, alpha: settings.alpha)
    for round in 1...rounds {
      let sides = try zip(["base", "candidate"], plans).map { name, plan in
        try side(name, plan, round: round, worlds)
      }
      let comparison = try RunComparison(
        base: sides[0], candidate: sides[1], methods: choose(sides[0], sides[1]))
      if try gate.observe(comparison, measure: settings.success.measure) != nil {
        return (gate, round)
      }
    }
    return (gate, rounds)
  }

  /// One side's share of the episodes, run where it is not there yet.
  private func side(
    _ name: String, _ plan: EvaluationPlan, round: Int, _ worlds: EvalWorlds
  ) throws -> RunSide {
    let path = "\(out ?? "")/\(name)-\(round)"
    var plan = plan
    plan.shard = Shard(number: round, of: rounds)
    let display = ProgressDisplay()
    let watcher = RunWatcher(
      shouldStop: { Interruption.isRequested }, report: display.show, notify: display.say)
    let isThere = FileManager.default.fileExists(atPath: path + "/run.json")
    let status =
      try isThere
      ? RunSession.resume(at: path, watcher: watcher, asked: { _ in plan }) { stored in
        try EvalPreparation(plan: stored, worlds: worlds, notify: watcher.notify).run()
      }
      : RunSession.start(at: path, watcher: watcher) {
        try EvalPreparation(plan: plan, worlds: worlds, notify: watcher.notify).run()
      }
    display.finish()
    guard status == .complete else {
      Console.say("Interrupted; the same command goes on.")
      throw ExitCode(130)
    }
    return try RunSide(reading: RunDirectory(opening: URL(filePath: path)), named: path)
  }
}

extension EvaluationPlan {
  /// The checked plan, with the tasks of its suite and the size of the policy's pictures.
  func completed(_ worlds: EvalWorlds) throws -> EvaluationPlan {
    try check()
    return try resolved(contents: worlds.contents(ofSuite:)) {
      try CheckpointPictures.side(of: self)
    }
  }
}

extension Table {
  /// What a sequential gate said of two plans.
  static func sequential(
    _ gate: SequentialGate, rounds: Int, of all: Int, settings: GateSettings
  ) -> Table {
    let table = gate.table
    let interval = gate.interval(confidence: 1 - settings.alpha)
    func share(_ value: Double?) -> Cell { value.map { .number($0) } ?? .empty }
    return Table(
      name: "sequential", title: "A gate that stops when it can tell",
      notes: [
        "Success \(settings.success.measure.rawValue) over all tasks, by a test that may stop after any"
          + " pair (betting); the interval of the change holds whenever one stops.",
        "Margin \((1000 * settings.success.margin).rounded() / 10) points, level \(settings.alpha).",
      ],
      columns: [
        Column("verdict"), Column("pairs"), Column("rounds"), Column("rounds_planned", "of"),
        Column("base", "base\n%", format: .percent()),
        Column("candidate", "candidate\n%", format: .percent()),
        Column("change", "change\npoints", format: .percent()),
        Column("lower", "from", format: .percent()), Column("upper", "to", format: .percent()),
      ],
      rows: [
        [
          .text((gate.verdict ?? .cannotTell).text), .number(Double(table.count)),
          .number(Double(rounds)), .number(Double(all)), share(table.firstRate),
          share(table.secondRate), share(interval?.estimate), share(interval?.lower),
          share(interval?.upper),
        ]
      ])
  }
}
