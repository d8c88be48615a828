import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Numbers of a run")
struct RunSummaryTests {
  private let summary: RunSummary
  private let dense: MethodSummary
  private let mole: MethodSummary

  init() throws {
    summary = try TinyRun.fixture().summary()
    dense = summary.methods[0]
    mole = summary.methods[1]
  }

  private func near(_ a: Double?, _ b: Double, tolerance: Double = 1e-12) -> Bool {
    a.map { abs($0 - b) <= tolerance * max(1, abs(b)) } ?? false
  }

  @Test("methods and tasks come in the run's order with their counts")
  func countsEpisodesAndQueries() {
    #expect(summary.methods.map(\.name) == ["dense", "mole"])
    #expect(dense.tasks.map(\.name) == ["pour", "push"])
    #expect(dense.tasks.map(\.episodes) == [2, 1])
    #expect(dense.tasks.map(\.queries) == [3, 1])
    #expect(dense.pooled.episodes == 3 && dense.meanOverTasks.queries == 4)
    #expect(mole.tasks.map(\.invalidAnswers) == [0, 1])
  }

  @Test("the match rate of queries has Wilson's interval (scipy: ends by the closed formula)")
  func computesMatchRates() {
    let pooled = dense.pooled.keyframeMatch
    #expect(pooled?.rate == 0.5)
    #expect(near(pooled?.lower, 0.15003898915214947))
    #expect(near(pooled?.upper, 0.8499610108478506))
    #expect(near(dense.tasks[0].keyframeMatch?.rate, 2.0 / 3))
    #expect(near(mole.pooled.keyframeMatch?.lower, 0.04558726080970055))
    #expect(near(mole.pooled.keyframeMatch?.upper, 0.6993581574175981))
  }

  @Test("the mean over tasks weighs tasks alike and has no interval")
  func averagesOverTasks() {
    let mean = dense.meanOverTasks
    #expect(near(mean.keyframeMatch?.rate, 1.0 / 3))
    #expect(mean.keyframeMatch?.lower == nil && mean.keyframeMatch?.upper == nil)
    #expect(near(mean.positionError?.median, (0.02 + 0.1) / 2))
    #expect(near(mole.meanOverTasks.executed?.languageModel, (210 + 310) / 2.0))
    #expect(near(mole.meanOverTasks.latency?.total.p95, (3.1 + 4.1) / 2))
  }

  @Test("the episode match rate weighs episodes alike")
  func averagesOverEpisodes() {
    #expect(dense.tasks[0].episodeMatchRate == 0.75)
    #expect(dense.pooled.episodeMatchRate == 0.5)
  }

  @Test("errors have median and mean, and none where the answer is no action")
  func centersErrors() {
    #expect(near(dense.tasks[0].positionError?.median, 0.02))
    #expect(near(dense.tasks[0].positionError?.mean, 0.08 / 3))
    #expect(near(dense.pooled.rotationError?.median, 12))
    #expect(mole.tasks[1].positionError == nil)
    #expect(mole.pooled.positionError?.median == 0.04)
    #expect(mole.tasks[0].gripperAgreement.map { $0 * 3 } == 2)
  }

  @Test("a layer that saw half of the tokens counts half")
  func countsLayers() {
    #expect(dense.pooled.layersExecuted == 4)
    #expect(mole.tasks[0].layersExecuted == 2)
    #expect(mole.tasks[1].layersExecuted == 3)
    let third = 1.0 / 3
    #expect(mole.tasks[0].layerUsage == [1, third, third, third])
    #expect(mole.pooled.layerUsage == [1, 0.375, 0.375, 0.5])
  }

  @Test("nominal and executed MACs stay apart, and the reduction against dense is exact")
  func countsCompute() {
    #expect(dense.pooled.executed?.languageModel == 400)
    #expect(dense.pooled.executed?.total == 450)
    #expect(mole.tasks[0].executed?.languageModel == 210)
    #expect(mole.tasks[0].nominal?.languageModel == 200)
    #expect(mole.tasks[0].executed?.parts[.router] == 10)
    #expect(mole.tasks[0].againstDense?.languageModelReduction == 400.0 / 210)
    #expect(mole.tasks[0].againstDense?.totalReduction == 450.0 / 260)
    #expect(mole.pooled.againstDense?.languageModelReduction == 400.0 / 235)
    #expect(dense.pooled.againstDense?.languageModelReduction == 1)
  }

  @Test("time is that of the whole query, of its parts, and of the language model")
  func measuresTime() {
    #expect(near(dense.pooled.latency?.total.p50, 5))
    #expect(near(mole.pooled.latency?.total.p50, 3.1))
    #expect(near(mole.pooled.latency?.total.p95, 3.1 + 0.85 * 1))
    #expect(near(mole.pooled.latency?.languageModel.mean, (2.1 * 3 + 3.1) / 4))
    #expect(near(mole.pooled.latency?.parts[.vision]?.p50, 0.5))
    #expect(near(mole.tasks[0].againstDense?.languageModelTimeRatio, 2.1 / 4))
  }

  @Test("a run that has more planned than done says so")
  func knowsItIsPartial() throws {
    #expect(summary.plannedEpisodes == 4 && summary.isPartial)
    #expect(MainTable.table(summary).notes.last == "PARTIAL: 6 of 8 planned episodes.")
    let whole = try RunFixture(
      manifest: .sample(methods: ["mole"], tasks: ["pour"], episodes: 2),
      outcomes: Array(TinyRun.outcomes[3...4]))
    #expect(try !whole.summary().isPartial)
  }

  @Test("without the dense method there is nothing to hold the others against")
  func needsDense() throws {
    let run = try RunFixture(
      manifest: .sample(methods: ["mole"]), outcomes: Array(TinyRun.outcomes[3...]))
    #expect(try run.summary().methods[0].pooled.againstDense == nil)
  }

  @Test("a journal without timings has no latency and all else")
  func readsJournalsWithoutTimings() throws {
    let run = try RunFixture(
      manifest: .sample(), outcomes: TinyRun.outcomes.map(\.withoutTimings))
    let summary = try run.summary()
    #expect(summary.methods[1].pooled.latency == nil)
    #expect(summary.methods[1].pooled.againstDense?.languageModelReduction == 400.0 / 235)
    #expect(summary.methods[1].pooled.againstDense?.languageModelTimeRatio == nil)
  }

  @Test("an empty run has counts of zero and no numbers")
  func summarisesNothing() throws {
    let run = try RunFixture(manifest: .sample(), outcomes: [])
    let group = try run.summary().methods[1].pooled
    #expect(group.episodes == 0 && group.queries == 0)
    #expect(group.keyframeMatch == nil && group.executed == nil && group.layerUsage.isEmpty)
  }

  @Test("an episode without queries is an episode")
  func countsEpisodesWithoutQueries() throws {
    let run = try RunFixture(
      manifest: .sample(), outcomes: [.sample("mole", "pour", 0, [])] + TinyRun.outcomes[4...])
    let mole = try run.summary().methods[1]
    #expect(mole.tasks[0].episodes == 2 && mole.tasks[0].queries == 1)
    #expect(mole.tasks[0].episodeMatchRate == 0)
  }

  @Test("the summary is read back as it was written")
  func roundTrips() throws {
    let data = try JSONEncoder().encode(summary)
    #expect(try JSONDecoder().decode(RunSummary.self, from: data) == summary)
  }
}
