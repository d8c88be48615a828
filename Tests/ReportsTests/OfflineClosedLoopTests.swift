import Failures
import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

/// A replay and a rollout of four methods on two tasks. In 'pour' the offline order is the order
/// of success, in 'push' it is the reverse.
private enum TinyPair {
  static let methods = ["dense", "mole", "random", "truncate"]
  static let tasks = ["pour", "push"]
  /// Of ten episodes, by method.
  static let solved = ["pour": [9, 6, 4, 1], "push": [8, 5, 3, 0]]
  /// In metres, by method.
  static let errors = ["pour": [0.01, 0.02, 0.03, 0.04], "push": [0.08, 0.07, 0.06, 0.05]]
  private static let layers: [Float] = [1, 1, 1, 1]

  static func replayed(openLoop: Bool = false) -> [EpisodeOutcome] {
    cells { task, method, index in
      let error = errors[task, default: []][method]
      var outcome = EpisodeOutcome.sample(
        methods[method], task, index,
        [
          .sample(
            match: index > 2 * method, position: error + 0.001 * Double(index % 3),
            rotation: 10 + error, gripper: true, layers: layers)
        ])
      if openLoop {
        outcome.openLoop = OpenLoopOutcome(
          successOnce: index < solved[task, default: []][method], successAtEnd: false, actions: 1)
      }
      return outcome
    }
  }

  static var rolledOut: [EpisodeOutcome] {
    cells { task, method, index in
      .rolledOut(
        methods[method], task, index, solved: index < solved[task, default: []][method],
        layers: [layers])
    }
  }

  private static func cells(
    _ outcome: (String, Int, Int) -> EpisodeOutcome
  ) -> [EpisodeOutcome] {
    tasks.flatMap { task in
      methods.indices.flatMap { method in (0..<10).map { outcome(task, method, $0) } }
    }
  }
}

/// Both runs on disk.
private struct PairFixture {
  let replay: RunFixture
  let rollout: RunFixture

  init(
    replay: [EpisodeOutcome] = TinyPair.replayed(),
    rollout: [EpisodeOutcome] = TinyPair.rolledOut,
    change: (inout RunManifest, inout RunManifest) -> Void = { _, _ in }
  ) throws {
    var replayManifest = RunManifest.sample(methods: TinyPair.methods, episodes: 10)
    var rolloutManifest = RunManifest.rollout(methods: TinyPair.methods, episodes: 10)
    change(&replayManifest, &rolloutManifest)
    self.replay = try RunFixture(manifest: replayManifest, outcomes: replay)
    self.rollout = try RunFixture(manifest: rolloutManifest, outcomes: rollout)
  }

  func pair() throws -> RunPair? {
    // The order in which they are named does not matter.
    try RunPair(among: [rollout.open(), replay.open()])
  }

  func compared(draws: Int = 200) throws -> OfflineClosedLoop {
    var tally = PairTally(try #require(try pair()))
    for run in [replay, rollout] {
      tally.add(try RunSummary(of: run.open()) { tally.add($0) })
    }
    return tally.compared(draws: draws)
  }
}

@Suite("Offline against closed loop")
struct OfflineClosedLoopTests {
  private func agreement(
    _ comparison: OfflineClosedLoop, _ task: String?, _ measure: OfflineMeasure
  ) throws -> OfflineAgreement {
    try #require(comparison.agreements.first { $0.task == task && $0.measure == measure })
  }

  @Test("each task and method has its replay beside its closed loop")
  func listsCells() throws {
    let comparison = try PairFixture().compared()
    #expect(comparison.cells.map(\.task) == TinyPair.tasks.flatMap { [$0, $0, $0, $0] })
    #expect(comparison.cells.prefix(4).map(\.method) == TinyPair.methods)
    let cell = comparison.cells[1]
    #expect(cell.replayedEpisodes == 10 && cell.closedLoop?.episodes == 10)
    #expect(try abs(#require(cell.positionError) - 0.0209) < 1e-12)
    #expect(try abs(#require(cell.rotationError) - 10.02) < 1e-12)
    #expect(cell.keyframeMatch?.rate == 0.7)
    #expect(cell.closedLoop?.successOnce.rate == 0.6 && cell.openLoopSuccess == nil)
  }

  @Test("agreement is +1 where the smaller error succeeds more, and -1 where the larger does")
  func correlates() throws {
    let comparison = try PairFixture().compared()
    let pour = try agreement(comparison, "pour", .positionError)
    #expect(pour.cells == 4 && pour.kendall?.value == 1)
    #expect(pour.meanMaximumRankViolation?.value == 0)
    let push = try agreement(comparison, "push", .positionError)
    #expect(push.kendall?.value == -1 && push.spearman.map { $0.value < -0.999 } == true)
    #expect(try #require(push.pearson).value < -0.98)
    // Successes 0.8, 0.5, 0.3, 0, all in the wrong order: the ends miss by 0.8, the middle by 0.5.
    let violation = try #require(push.meanMaximumRankViolation).value
    #expect(abs(violation - (0.8 + 0.5 + 0.5 + 0.8) / 4) < 1e-12)
    #expect(try agreement(comparison, "push", .keyframeMatch).kendall?.value == 1)
  }

  @Test("over all tasks and methods the numbers are scipy's")
  func correlatesOverall() throws {
    let all = try agreement(PairFixture().compared(), nil, .positionError)
    #expect(all.cells == 8)
    // Scripts/fixtures/statistics_values.py
    let pairs = [
      (all.kendall, 0.14285714285714285), (all.pearson, 0.14754222271266346),
      (all.spearman, 0.19047619047619052), (all.meanMaximumRankViolation, 0.48750000000000004),
    ]
    for (found, expected) in pairs {
      #expect(try abs(#require(found).value - expected) < 1e-12)
    }
  }

  @Test("intervals hold their number, and follow from the journals alone")
  func bootstraps() throws {
    let comparison = try PairFixture().compared()
    #expect(try comparison == PairFixture().compared())
    for agreement in comparison.agreements {
      for estimate in [agreement.kendall, agreement.pearson, agreement.meanMaximumRankViolation] {
        let (lower, upper) = (estimate?.lower, estimate?.upper)
        #expect(try #require(lower) <= #require(upper))
      }
    }
    let pearson = try #require(try agreement(comparison, "pour", .positionError).pearson)
    #expect(try (#require(pearson.lower)...#require(pearson.upper)).contains(pearson.value))
    #expect(try #require(pearson.lower) > 0.5)
  }

  @Test("carried-out answers foretell success like any other number")
  func usesOpenLoop() throws {
    let comparison = try PairFixture(replay: TinyPair.replayed(openLoop: true)).compared()
    #expect(comparison.cells[0].openLoopSuccess?.rate == 0.9)
    let all = try agreement(comparison, nil, .openLoopSuccess)
    #expect(all.kendall?.value == 1 && all.meanMaximumRankViolation?.value == 0)
    let without = try PairFixture().compared()
    #expect(!without.agreements.contains { $0.measure == .openLoopSuccess })
  }

  @Test("two methods tell no order within a task, and the tables say so")
  func needsCells() throws {
    let comparison = try PairFixture(
      rollout: TinyPair.rolledOut.filter { TinyPair.methods.prefix(2).contains($0.method) }
    ) { $1.methods.removeLast(2) }.compared()
    let pour = try agreement(comparison, "pour", .positionError)
    #expect(pour.cells == 2 && pour.kendall == nil && pour.meanMaximumRankViolation == nil)
    #expect(try agreement(comparison, nil, .positionError).kendall != nil)
    let text = AgreementTable.table(comparison).markdown()
    #expect(text.contains("| pour | position error | 2 | – | – | – | – | – | – | – | – |"))
    #expect(text.contains("fewer than 3 cells"))
  }

  @Test("methods that all succeed alike have no order")
  func needsDifferences() throws {
    var outcomes = TinyPair.rolledOut
    for index in outcomes.indices {
      outcomes[index].successOnce = true
      outcomes[index].successAtEnd = true
    }
    let comparison = try PairFixture(rollout: outcomes).compared()
    #expect(comparison.agreements.allSatisfy { $0.kendall == nil && $0.cells >= 4 })
    #expect(AgreementTable.table(comparison).markdown().contains("all alike"))
  }

  @Test("runs that are not done yet have cells without numbers")
  func readsUnfinishedRuns() throws {
    let comparison = try PairFixture(rollout: []).compared()
    #expect(comparison.cells.count == 8 && comparison.cells.allSatisfy { $0.closedLoop == nil })
    #expect(comparison.agreements.isEmpty)
    #expect(AgreementTable.table(comparison).console().contains("Kendall"))
  }
}

@Suite("Pairing runs")
struct RunPairTests {
  @Test("a pair is one replay and one rollout")
  func needsBothModes() throws {
    let fixture = try PairFixture()
    let (replay, rollout) = (try fixture.replay.open(), try fixture.rollout.open())
    #expect(try RunPair(among: [replay, rollout])?.methods == TinyPair.methods)
    for runs in [[], [replay], [replay, replay], [rollout, rollout], [replay, rollout, replay]] {
      #expect(try RunPair(among: runs) == nil)
    }
  }

  @Test("methods and tasks are those of both")
  func pairsByName() throws {
    let pair = try PairFixture(replay: [], rollout: []) { replay, rollout in
      replay.methods.swapAt(0, 3)
      rollout.methods[1].name = "home"
      rollout.tasks[0].name = "pour_slowly"
    }.pair()
    #expect(pair?.methods == ["truncate", "random", "dense"] && pair?.tasks == ["push"])
  }

  @Test("runs of other suites, checkpoints, settings or tasks are refused by what differs")
  func refusesUnlikeRuns() throws {
    func digest(_ path: String, _ hash: String) -> FileDigest {
      FileDigest(path: path, bytes: 1, sha256: hash)
    }
    typealias Change = (inout RunManifest, inout RunManifest) -> Void
    let cases: [(String, Change)] = [
      ("suites are 'kitchen' and 'garage'", { $1.plan.suite = "garage" }),
      ("different contents", { $1.checkpointFiles = [digest("c/model.safetensors", "12")] }),
      ("keep 0.5 and 0.25", { $1.plan.keep = 0.25 }),
      (
        "'Tasks/pour/task.yaml' changed",
        {
          $0.taskFiles = [digest("Tasks/pour/task.yaml", "1")]
          $1.taskFiles = [digest("Tasks/pour/task.yaml", "2")]
        }
      ),
      ("no method is in both", { $1.methods = [] }), ("no task is in both", { $1.tasks = [] }),
    ]
    for (words, change) in cases {
      let fixture = try PairFixture(replay: [], rollout: [], change: change)
      let error = #expect(throws: ReportError.self, "\(words)") { try fixture.pair() }
      #expect(error?.kind == .usage)
      #expect(error?.description.contains(words) == true, "\(words)")
    }
  }

  @Test("a checkpoint is its content, and a replay that names no suite is of any")
  func acceptsLikeRuns() throws {
    let fixture = try PairFixture(replay: [], rollout: []) { replay, rollout in
      replay.checkpointFiles = [FileDigest(path: "/a/model.json", bytes: 1, sha256: "12")]
      rollout.checkpointFiles = [FileDigest(path: "b/model.json", bytes: 1, sha256: "12")]
      replay.plan.suite = EvaluationPlan().suite
    }
    #expect(try fixture.pair() != nil)
  }
}

@Suite("Showing offline against closed loop")
struct OfflineClosedLoopTableTests {
  @Test("the tables have a row a cell and a row a measure")
  func showsTables() throws {
    let comparison = try PairFixture(replay: TinyPair.replayed(openLoop: true)).compared()
    let cells = OfflineClosedLoopTable.table(comparison).csv().split(separator: "\r\n")
    #expect(cells.count == 9)
    let keys = [
      "task", "method", "replayed_episodes", "position_error_mean_m", "rotation_error_mean_deg",
      "keyframe_match_rate", "keyframe_match_lower_95", "keyframe_match_upper_95",
      "open_loop_success_once", "open_loop_success_once_lower_95",
      "open_loop_success_once_upper_95", "closed_loop_episodes", "closed_loop_success_once",
      "closed_loop_success_once_lower_95", "closed_loop_success_once_upper_95",
      "closed_loop_success_at_end",
    ]
    #expect(cells[0] == keys.joined(separator: ","))
    let agreements = AgreementTable.table(comparison)
    #expect(agreements.rows.count == 12)
    for table in [OfflineClosedLoopTable.table(comparison), agreements] {
      let lines = table.console(width: 120).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 120 })
    }
    #expect(
      agreements.markdown().contains("| all tasks and methods | open-loop success | 8 | 1.00 |"))
  }

  @Test("an interval below zero is told from a minus sign")
  func writesNegativeIntervals() {
    let table = Table(
      name: "t", title: "T", notes: [], columns: [.init("x", format: NumberFormat(decimals: 1))],
      rows: [[.interval(-0.5, 0.25)], [.interval(-0.5, -0.2)], [.interval(0, 0.5)]])
    let text = table.markdown()
    #expect(text.contains("| -0.5 to 0.2 |") && text.contains("| -0.5 to -0.2 |"))
    #expect(text.contains("| 0.0–0.5 |"))
  }

  @Test("the comparison is written as data, tables and a figure, the same bytes each time")
  func writesFiles() throws {
    let fixture = try PairFixture()
    let comparison = try fixture.compared()
    let folders = ["a", "b"].map { fixture.replay.url.appending(path: $0) }
    for folder in folders { try ReportWriter.write(comparison, to: folder) }
    for name in [
      "offline_vs_closed_loop.json", "tables/offline_vs_closed_loop.csv",
      "tables/offline_vs_closed_loop.md", "tables/offline_vs_closed_loop_agreement.csv",
      "tables/offline_vs_closed_loop_agreement.md", "figures/offline_vs_closed_loop.svg",
      "figures/offline_vs_closed_loop.png",
    ] {
      let bytes = try folders.map { try Data(contentsOf: $0.appending(path: name)) }
      #expect(bytes[0] == bytes[1] && !bytes[0].isEmpty, "\(name)")
    }
    let json = try Data(contentsOf: folders[0].appending(path: "offline_vs_closed_loop.json"))
    #expect(try JSONDecoder().decode(OfflineClosedLoop.self, from: json) == comparison)
  }

  @Test("runs without episodes are drawn as such")
  func drawsNothing() throws {
    let fixture = try PairFixture(replay: [], rollout: [])
    try ReportWriter.write(fixture.compared(), to: fixture.replay.url)
    let file = fixture.replay.url.appending(path: "figures/offline_vs_closed_loop.svg")
    #expect(try String(contentsOf: file, encoding: .utf8).contains("no episodes"))
  }
}
