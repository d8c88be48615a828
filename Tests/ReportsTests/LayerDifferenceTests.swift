import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Layers of solved and unsolved episodes")
struct LayerDifferenceTests {
  /// Forty solved episodes, thirty of which ran layer 0, and sixty unsolved ones, fifteen of which
  /// did; the others ran layer 1, in every query alike.
  private func run(queries: Int) throws -> RunFixture {
    let outcomes = (0..<100).map { index in
      let mask: [Float] = index < 30 || index >= 85 ? [1, 0, 0, 0] : [0, 1, 0, 0]
      return EpisodeOutcome.rolledOut(
        "mole", "pour", index, solved: index < 40,
        layers: [[Float]](repeating: mask, count: queries))
    }
    return try RunFixture(
      manifest: .rollout(methods: ["mole"], tasks: ["pour"], episodes: 100), outcomes: outcomes)
  }

  private func differences(_ run: RunFixture) throws -> [LayerDifference] {
    try #require(run.summary().methods[0].layerDifferences)
  }

  @Test("the difference is of shares of queries, with a bootstrap over episodes")
  func computesDifference() throws {
    let all = try #require(differences(run(queries: 1)).last)
    #expect(all.solvedEpisodes == 40 && all.unsolvedEpisodes == 60 && all.draws == 2000)
    #expect(all.layers.map(\.value) == [0.5, -0.5, 0, 0])
    // numpy, 200,000 draws: 0.325 to 0.667
    let lower = try #require(all.layers[0].lower)
    let upper = try #require(all.layers[0].upper)
    #expect(abs(lower - 0.325) < 0.025 && abs(upper - 0.6667) < 0.025)
    // Each query ran one layer, so every draw differs by rounding alone.
    #expect(all.layersExecuted?.value == 0 && abs(all.layersExecuted?.lower ?? 1) < 1e-12)
  }

  @Test("more queries of the same episodes make no interval shorter")
  func drawsEpisodes() throws {
    let (one, ten) = (try differences(run(queries: 1)), try differences(run(queries: 10)))
    for (a, b) in zip(one[0].layers, ten[0].layers) {
      #expect(abs(a.value - b.value) < 1e-12)
      #expect(abs((a.lower ?? 0) - (b.lower ?? 1)) < 1e-12)
      #expect(abs((a.upper ?? 0) - (b.upper ?? 1)) < 1e-12)
    }
  }

  @Test("where one side is empty there is no difference, and it is said")
  func namesEmptySides() throws {
    let summary = try TinyRollout.fixture().summary()
    let mole = try #require(summary.methods[1].layerDifferences)
    #expect(mole.map(\.name) == ["pour", "push", "pooled episodes"])
    #expect(mole[0].layers.map(\.value) == [1, -1, 1, -1])
    #expect(mole[1].layers.isEmpty && mole[1].layersExecuted == nil)
    let wide = try #require(LayerDifferenceTable.wide(summary)).markdown()
    #expect(wide.contains("| mole | push | 0 | 1 | no solved episodes | – | – | – | – | – |"))
    #expect(wide.contains("| mole | pour | 1 | 1 | 0.00 | 0.00–0.00 | +100\\* | −100\\* |"))
    let long = try #require(LayerDifferenceTable.long(summary)).csv().split(separator: "\r\n")
    #expect(long.contains("mole,push,0,1,number_of_layers,,,,0,no solved episodes"))
    #expect(long.contains("mole,pour,1,1,1,-1,-1,-1,2000,"))
    let figure = try #require(
      summary.figures.first { $0.name == "layer_usage_difference_mole" })
    #expect(figure.svg.contains("no solved episodes") && figure.svg.contains("−100"))
  }

  @Test("a method that always runs the same, and a replay, have nothing to compare")
  func leavesOutConstantMasks() throws {
    let rollout = try TinyRollout.fixture().summary()
    #expect(rollout.methods[0].layerDifferences == nil)
    #expect(rollout.methods[2].layerDifferences == nil)
    let replay = try TinyRun.fixture().summary()
    #expect(replay.methods.allSatisfy { $0.layerDifferences == nil })
    #expect(LayerDifferenceTable.long(replay) == nil && LayerDifferenceTable.wide(replay) == nil)
  }
}
