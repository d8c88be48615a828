import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Early exits under other thresholds")
struct ExitCurveTests {
  /// A query of six layers with exits after two, four and six; a pass of the head takes 10 MACs, a
  /// layer 100, vision 50.
  private func query(_ step: Int, layers: Int, _ differences: [Float?]) -> QueryOutcome {
    let shares = (0..<6).map { Float($0 < layers ? 1 : 0) }
    var query = QueryOutcome.sample(step: step, layers: shares)
    let passes = layers / 2 + 1
    let count = MACCount([
      .vision: 50, .languageLayers: 100 * layers, .actionHead: 10 * passes,
    ])
    query.compute = ComputeCount(nominal: count, executed: count)
    query.exitDifferences = differences
    return query
  }

  /// One query left at each exit.
  private func run(thresholds: [Double] = [0.125, 0.25]) throws -> RunFixture {
    var manifest = RunManifest.rollout(methods: ["early-exit"], tasks: ["pour"], episodes: 1)
    manifest.methods[0].layerCount = 6
    manifest.methods[0].parameters = [
      "exits_after_layers": .numbers([2, 4, 6]), "exit_thresholds": .numbers(thresholds),
    ]
    var outcome = EpisodeOutcome.rolledOut("early-exit", "pour", 0, solved: true, layers: [])
    outcome.queries = [
      query(0, layers: 6, [0.375, 0.5]), query(1, layers: 4, [0.25, 0.25]),
      query(2, layers: 2, [0.0625]),
    ]
    return try RunFixture(manifest: manifest, outcomes: [outcome])
  }

  private func point(
    _ kind: ExitPointRule.Kind, _ value: Double, thresholds: [Double] = [0.125, 0.25]
  ) throws -> ExitPoint? {
    let curve = try #require(run(thresholds: thresholds).summary().methods[0].exitCurve)
    #expect(curve.exits == [2, 4, 6] && curve.queries == 3)
    return curve.points.first { $0.rule.kind == kind && $0.rule.value == value }
  }

  @Test("with the run's own thresholds it is what was recorded")
  func repeatsTheRun() throws {
    let own = try #require(try point(.scaled, 1))
    let pooled = try run().summary().methods[0].pooled
    #expect(own.shares == [1.0 / 3, 1.0 / 3, 1.0 / 3] && own.unknownQueries == 0)
    #expect(own.layersExecuted == 4 && own.layersExecuted == pooled.layersExecuted)
    #expect(own.languageModelMACs == pooled.executed?.languageModel)
    #expect(own.totalMACs == pooled.executed?.total)
  }

  @Test("looser thresholds let queries leave earlier, as computed by hand")
  func loosens() throws {
    let twice = try #require(try point(.scaled, 2))
    #expect(twice.shares == [2.0 / 3, 1.0 / 3, 0] && twice.layersExecuted == 8.0 / 3)
    #expect(twice.languageModelMACs == 800.0 / 3 && twice.totalMACs == 340)
    let threefold = try #require(try point(.scaled, 3))
    #expect(threefold.shares == [1, 0, 0] && threefold.totalMACs == 270)
    let uniform = try #require(try point(.uniform, 0.4))
    #expect(uniform.shares == [1, 0, 0])
  }

  @Test("stricter ones are known where every exit was tested, and left open elsewhere")
  func tightens() throws {
    let half = try #require(try point(.scaled, 0.5))
    #expect(half.shares == [1.0 / 3, 0, 2.0 / 3] && half.layersExecuted == 14.0 / 3)
    let quarter = try #require(try point(.scaled, 0.25))
    #expect(quarter.unknownQueries == 1 && quarter.shares.isEmpty)
    #expect(quarter.layersExecuted == nil && quarter.totalMACs == nil)
  }

  @Test("thresholds below zero, which let nobody leave, have no scale")
  func skipsScaleOfNever() throws {
    #expect(try point(.scaled, 1, thresholds: [-1, -1]) == nil)
    #expect(try point(.uniform, 0.5, thresholds: [-1, -1])?.unknownQueries == 0)
  }

  @Test("a first exit that has nothing to compare with is null in a journal")
  func recordsDifferences() {
    var prediction = Prediction(
      chunk: ActionChunk(actions: []),
      compute: ComputeCount(nominal: MACCount(), executed: MACCount()), mask: .dense(2),
      exitDifferences: [.infinity, 0.5], seconds: [:], totalSeconds: 0)
    #expect(prediction.recordableDifferences == [nil, 0.5])
    prediction.exitDifferences = []
    #expect(prediction.recordableDifferences == nil)
  }

  @Test("the table has a column an exit, and journals without differences have no table")
  func showsTable() throws {
    let table = try #require(ExitCurveTable.table(try run().summary()))
    let lines = table.csv().split(separator: "\r\n")
    #expect(lines[0].hasSuffix(",exit_share_after_2,exit_share_after_4,exit_share_after_6"))
    #expect(lines.contains { $0.hasPrefix("early-exit,scaled,3,3,0,2,200,270,1,0,0") })
    #expect(lines.contains("early-exit,scaled,0.25,3,1,,,,,,"))
    #expect(table.console(width: 120).split(separator: "\n").allSatisfy { $0.count <= 120 })
    #expect(ExitCurveTable.table(try TinyRollout.fixture().summary()) == nil)
  }
}
