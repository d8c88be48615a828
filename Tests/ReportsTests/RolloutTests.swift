import Failures
import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Numbers of a rollout")
struct RolloutSummaryTests {
  private let summary: RunSummary
  private let dense: MethodSummary
  private let mole: MethodSummary

  init() throws {
    summary = try TinyRollout.fixture().summary()
    dense = summary.methods[0]
    mole = summary.methods[1]
  }

  private func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

  @Test("success at some time and at the end are two numbers with an interval over episodes each")
  func countsSuccess() throws {
    #expect(summary.mode == .rollout)
    let pour = try #require(dense.tasks[0].closedLoop)
    #expect(pour.episodes == 3 && pour.solved == 2)
    #expect(near(pour.successOnce.rate, 2.0 / 3) && near(pour.successAtEnd.rate, 1.0 / 3))
    // scipy: binomtest(2, 3).proportion_ci(method="wilson")
    #expect(near(pour.successOnce.lower, 0.20765960080204776))
    #expect(near(pour.successOnce.upper, 0.9385080552796038))
    #expect(near(dense.pooled.closedLoop?.successOnce.rate, 0.75))
  }

  @Test("the mean over tasks weighs tasks alike and has no interval")
  func averagesOverTasks() throws {
    let mean = try #require(dense.meanOverTasks.closedLoop)
    #expect(near(mean.successOnce.rate, (2.0 / 3 + 1) / 2) && mean.successOnce.lower == nil)
    #expect(near(mean.actions, (2 + 1) / 2.0) && mean.episodes == 4 && mean.solved == 3)
  }

  @Test("an unsolved episode has failed in one way, or run out of actions")
  func countsFailures() throws {
    let pour = try #require(mole.tasks[0].closedLoop)
    #expect(pour.failures == ["unreachable_target": 1] && pour.outOfActions == 0)
    let all = try #require(mole.pooled.closedLoop)
    #expect(all.failures == ["unreachable_target": 1, "invalid_action": 1] && all.failed == 2)
    #expect(mole.meanOverTasks.closedLoop?.failures == all.failures)
    #expect(dense.pooled.closedLoop?.outOfActions == 1)
  }

  @Test("actions and simulated time are means over episodes, compute is a mean over queries")
  func averagesCost() {
    #expect(near(dense.tasks[0].closedLoop?.actions, 2))
    #expect(near(dense.tasks[0].closedLoop?.simulatedSeconds, 4))
    #expect(dense.pooled.executed?.languageModel == 400)
    #expect(mole.pooled.executed?.languageModel == 210)
    #expect(mole.pooled.againstDense?.languageModelReduction == 400.0 / 210)
  }

  @Test("nothing is compared with a demonstration")
  func comparesNothing() {
    #expect(dense.pooled.keyframeMatch == nil && dense.pooled.gripperAgreement == nil)
    #expect(dense.pooled.episodeMatchRate == nil && dense.pooled.openLoop == nil)
  }

  @Test("layers of solved and of unsolved episodes are counted apart")
  func separatesLayersByResult() throws {
    let usage = try #require(mole.pooled.layerUsageByResult)
    #expect(usage.solved.queries == 3 && usage.solved.shares == [1, 0, 1, 0])
    #expect(usage.unsolved.queries == 2 && usage.unsolved.shares == [0, 1, 0, 1])
    #expect(mole.pooled.layerUsage == [0.6, 0.4, 0.6, 0.4])
    #expect(mole.tasks[1].layerUsageByResult?.solved.shares == [])
  }

  @Test("a script without layers has success and costs nothing")
  func countsScripts() throws {
    let home = summary.methods[2].pooled
    #expect(home.closedLoop?.successOnce.rate == 0 && home.closedLoop?.episodes == 2)
    #expect(home.layerUsage.isEmpty && home.executed?.languageModel == 0)
    #expect(home.againstDense?.languageModelReduction == nil)
  }

  @Test("the summary is read back as it was written")
  func roundTrips() throws {
    let data = try JSONEncoder().encode(summary)
    #expect(try JSONDecoder().decode(RunSummary.self, from: data) == summary)
  }

  @Test("an outcome that no rollout writes is not counted")
  func refusesForeignOutcomes() throws {
    let good = TinyRollout.outcomes[0]
    var replayed = good
    replayed.mode = .replay
    var unjudged = good
    unjudged.successOnce = nil
    var contradiction = good
    contradiction.successOnce = false
    var actions = good
    actions.actions = -1
    var time = good
    time.simulatedSeconds = -1
    let cases = [
      (replayed, "mode is 'replay'"), (unjudged, "success_once"), (contradiction, "yet never"),
      (actions, "-1 actions"), (time, "simulated time"),
    ]
    for (outcome, words) in cases {
      let run = try RunFixture(manifest: .rollout(), outcomes: [outcome])
      let error = #expect(throws: ReportError.self) { try run.summary() }
      #expect(error?.kind == .badData)
      #expect(error?.description.contains(words) == true, "\(words)")
    }
  }

  @Test("a query of a replay says whether it matches")
  func refusesUncomparedReplay() throws {
    var outcome = TinyRun.outcomes[0]
    outcome.queries[0].keyframeMatch = nil
    let run = try RunFixture(manifest: .sample(), outcomes: [outcome])
    let error = #expect(throws: ReportError.self) { try run.summary() }
    #expect(error?.description.contains("keyframe_match") == true)
  }
}

@Suite("Tables and figures of a rollout")
struct RolloutTableTests {
  private let summary: RunSummary

  init() throws {
    summary = try TinyRollout.fixture().summary()
  }

  @Test("the main table shows success with its interval, and success at the end beside it")
  func showsMainTable() {
    let text = MainTable.table(summary).console()
    let body = text.split(separator: "\n").prefix(10).joined(separator: "\n")
    #expect(
      body == """
        Closed-loop success and compute in 'kitchen'
                                  success              success                                                          language
                            epi-     once        95 %   at end                   layers  language      ÷    p50    p95      time
        task               sodes        %    interval        %  failed  actions     run       MAC  dense      s      s   ÷ dense
        ------------------------------------------------------------------------------------------------------------------------
        dense
          pour                 3     66.7   20.8–93.9     33.3       0     2.00    4.00     400.0   1.00  5.000  5.000      1.00
          push                 1    100.0  20.7–100.0    100.0       0     1.00    4.00     400.0   1.00  5.000  5.000      1.00
          mean over tasks      4     83.3           –     66.7       0     1.50    4.00     400.0   1.00  5.000  5.000      1.00
          pooled episodes      4     75.0   30.1–95.4     50.0       0     1.75    4.00     400.0   1.00  5.000  5.000      1.00
        """)
  }

  @Test("no column mixes the two successes, and none compares with a demonstration")
  func keepsSuccessesApart() throws {
    let header = MainTable.table(summary).csv().prefix { $0 != "\r\n" }.split(separator: ",")
    #expect(header.contains("success_once") && header.contains("success_at_end"))
    #expect(header.contains("success_once_lower_95") && header.contains("actions_mean"))
    #expect(!header.contains { $0.contains("match") || $0.contains("position") })
    #expect(MainTable.table(summary).notes.contains { $0.contains("1 MAC = 2 FLOPs") })
  }

  @Test("the table of endings counts each episode once")
  func showsEndings() throws {
    let table = try #require(EndingTable.table(summary))
    let lines = table.csv().split(separator: "\r\n")
    #expect(
      lines[0] == "method,task,episodes,solved_once,invalid_action,unreachable_target,"
        + "target_outside_workspace,invalid_rotation,diverged_simulation,out_of_actions")
    #expect(lines.contains("dense,pour,3,2,0,0,0,0,0,1"))
    #expect(lines.contains("mole,pooled episodes,3,1,1,1,0,0,0,0"))
    #expect(lines.contains("home,pooled episodes,2,0,0,0,0,0,0,2"))
    #expect(try EndingTable.table(TinyRun.fixture().summary()) == nil)
  }

  @Test("layer usage is told by result, and scripts have none")
  func showsLayersByResult() throws {
    let long = LayerUsageTable.long(summary).csv().split(separator: "\r\n")
    #expect(
      long[0].hasSuffix(
        "queries,executed_share_solved,queries_solved,"
          + "executed_share_unsolved,queries_unsolved"))
    #expect(long.contains("mole,pour,0,0.75,4,1,3,0,1"))
    #expect(!long.contains { $0.hasPrefix("home") })
    let text = try #require(LayerUsageTable.byResult(summary)).markdown()
    #expect(text.contains("| mole | pooled episodes | solved | 3 | 100 | 0 | 100 | 0 |"))
    #expect(text.contains("| mole | push | solved | 0 | – | – | – | – |"))
    #expect(try LayerUsageTable.byResult(TinyRun.fixture().summary()) == nil)
  }

  @Test("success is drawn against compute, and scripts have no figure of layers")
  func drawsFigures() throws {
    let figures = summary.figures
    #expect(
      figures.map(\.name) == [
        "success_vs_compute", "layer_usage_dense", "layer_histogram_dense", "layer_usage_mole",
        "layer_histogram_mole", "layer_usage_difference_mole",
      ])
    #expect(figures[0].svg.contains("Closed-loop success") && figures[0].svg.contains("home"))
  }

  @Test("a rollout's report has its endings and its layers by result")
  func writesFiles() throws {
    let run = try TinyRollout.fixture()
    try ReportWriter.write(run: run.open(), to: run.url)
    for name in [
      "summary.json", "tables/main.csv", "tables/endings.csv", "tables/endings.md",
      "tables/layer_usage_by_result.md", "figures/success_vs_compute.png",
    ] {
      #expect(FileManager.default.fileExists(atPath: run.url.appending(path: name).path), "\(name)")
    }
  }

  @Test("a replay whose answers were carried out has open-loop columns and endings")
  func showsOpenLoop() throws {
    var outcomes = TinyRun.outcomes
    for index in outcomes.indices {
      outcomes[index].openLoop = OpenLoopOutcome(
        successOnce: index == 0, successAtEnd: false,
        failure: index == 3 ? .targetOutsideWorkspace : nil, actions: 2)
    }
    let run = try RunFixture(manifest: .sample(), outcomes: outcomes)
    let summary = try run.summary()
    let open = try #require(summary.methods[0].tasks[0].openLoop)
    #expect(open.successOnce.rate == 0.5 && open.successAtEnd.rate == 0 && open.actions == 2)
    #expect(summary.methods[0].pooled.closedLoop == nil)
    let header = MainTable.table(summary).csv().prefix { $0 != "\r\n" }.split(separator: ",")
    #expect(header.contains("open_loop_success_once"))
    #expect(header.contains("open_loop_success_at_end"))
    let console = MainTable.table(summary).console(width: 120).split(separator: "\n")
    #expect(console.allSatisfy { $0.count <= 120 })
    #expect(console.prefix(6).contains { $0.contains("open loop") })
    let endings = try #require(EndingTable.table(summary)).csv()
    #expect(endings.contains("dense,pour,2,1,0,0,0,0,0,1"))
    #expect(endings.contains("mole,pour,2,0,0,0,1,0,0,1"))
  }
}
