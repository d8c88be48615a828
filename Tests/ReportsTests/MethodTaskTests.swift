import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Methods by task, and failures of the machinery")
struct MethodTaskTests {
  private func fields(_ table: Table, _ first: String) -> [String: String] {
    let lines = table.csv().split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let row = lines.first { $0.contains(first) } ?? []
    return Dictionary(zip(lines[0], row), uniquingKeysWith: { first, _ in first })
  }

  @Test("a method's row has each task, their mean, its compute and its time")
  func showsMethods() throws {
    let table = MethodTaskTable.table(try TinyRollout.fixture().summary())
    let dense = fields(table, "dense")
    #expect(dense["pour_success_once"] == "\(2.0 / 3)" && dense["push_success_once"] == "1")
    #expect(dense["mean_success_once"] == "\((2.0 / 3 + 1) / 2)")
    #expect(dense["language_model_executed_macs"] == "400" && dense["measured_mean_s"] == "5")
    let mole = fields(table, "mole")
    #expect(mole["pour_success_once"] == "0.5" && mole["push_success_once"] == "0")
    #expect(mole["mean_success_once"] == "0.25")
    #expect(mole["language_model_reduction_factor"] == "\(400.0 / 210)")
    let ratio = mole["measured_mean_ratio_to_dense"].flatMap(Double.init) ?? 0
    #expect(abs(ratio - 0.62) < 1e-9)
    #expect(table.latex().contains("mole & 50.0 & 0.0 & 25.0"))
  }

  @Test("a replay shows matches and says that they are no success")
  func showsReplay() throws {
    let table = MethodTaskTable.table(try TinyRun.fixture().summary())
    let dense = fields(table, "dense")
    #expect(dense["pour_keyframe_match"] == "\(2.0 / 3)" && dense["push_keyframe_match"] == "0")
    #expect(table.notes.contains { $0.contains("not success") })
    #expect(!table.csv().contains("success"))
  }

  @Test("policies of several runs are held against the dense one")
  func showsPolicies() throws {
    let runs = [
      PolicyRun(label: "dense", contents: "d", solved: { _, task, _ in task == "pour" }),
      PolicyRun(
        label: "short", contents: "s", methods: ["truncate:2"],
        solved: { _, _, index in index < 4 }, layers: { _, _, _ in [[1, 1, 0, 0]] }),
    ]
    let table = MethodTaskTable.table(try #require(try SideBySideFixture(runs).compared()))
    let short = fields(table, "short")
    #expect(short["pour_success_once"] == "0.4" && short["mean_success_once"] == "0.4")
    #expect(short["language_model_reduction_factor"] == "\(400.0 / 210)")
    #expect(fields(table, "dense")["mean_success_once"] == "0.5")
  }

  @Test("success is read three ways where the simulation diverged, with scipy's intervals")
  func readsThreeWays() throws {
    let outcomes = (0..<10).map { index in
      EpisodeOutcome.rolledOut(
        "mole", "pour", index, solved: index < 5,
        failure: index >= 8 ? .divergedSimulation : index == 7 ? .unreachableTarget : nil,
        layers: [[1, 0, 0, 0]])
    }
    let summary = try RunFixture(
      manifest: .rollout(methods: ["mole"], tasks: ["pour"], episodes: 10), outcomes: outcomes
    ).summary()
    let reading = try #require(
      MachineryReading(summary.methods[0].pooled.closedLoop, confidence: 0.95))
    #expect(reading.faults == 2 && reading.asFailures.rate == 0.5)
    #expect(reading.excluded?.rate == 5.0 / 8 && reading.ifAllSolved.rate == 0.7)
    // scipy: binomtest(5, 10), (5, 8) and (7, 10).proportion_ci(method="wilson")
    let ends = [
      (reading.asFailures.lower, 0.236593090512564), (reading.excluded?.lower, 0.3057423946026273),
      (reading.excluded?.upper, 0.8631557141764027), (reading.ifAllSolved.upper, 0.892208732593699),
      (reading.bounds.lowerBound, 0.236593090512564),
      (reading.bounds.upperBound, 0.892208732593699),
    ]
    for (found, expected) in ends {
      #expect(found.map { abs($0 - expected) < 1e-9 } == true)
    }
    let table = try #require(MachineryTable.table(summary))
    #expect(table.markdown().contains("| mole | pour | 10 | 5 | 2 | 50.0 |"))
    #expect(try MachineryTable.table(TinyRollout.fixture().summary()) == nil)
  }
}
