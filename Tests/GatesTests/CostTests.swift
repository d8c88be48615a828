import Gates
import Manipulation
import Outcomes
import Testing

@Suite("Costs")
struct CostTests {
  /// Two tasks of episodes alike but for what they cost.
  private func pair(
    _ count: Int = 30, base: (Int) -> EpisodeOutcome, candidate: (Int) -> EpisodeOutcome
  ) -> PlantedPair {
    let manifest = Planted.manifest(tasks: ["pour"], episodes: count)
    return PlantedPair(
      base: (manifest, (0..<count).map(base)), candidate: (manifest, (0..<count).map(candidate)))
  }

  private func finding(_ check: Check, _ pair: PlantedPair) throws -> Finding {
    try #require(try pair.judged().findings.first { $0.check == check })
  }

  @Test("more MACs than the margin fail the gate while success holds")
  func macs() throws {
    func judged(_ macs: Int) throws -> GateReport {
      var settings = GateSettings()
      settings.cannotTell = .pass
      return try pair {
        Planted.rolledOut("pour", $0, solved: true, macs: 1000)
      } candidate: {
        Planted.rolledOut("pour", $0, solved: true, macs: macs)
      }.judged(by: settings)
    }
    let more = try judged(1100)
    #expect(more.outcome == .regressed)
    let finding = try #require(more.findings.first { $0.verdict == .regressed })
    #expect(finding.check == .executedMACs && finding.base == 1000 && finding.candidate == 1100)
    #expect(abs(try #require(finding.effect?.value) - 0.1) < 1e-12)
    #expect(
      more.sentences.contains {
        $0.hasPrefix("Executed MACs regressed: 1.000 kMACs -> 1.100 kMACs (+10.00 %, 95 % interval")
      })
    #expect(try judged(1010).outcome == .passed)
    #expect(try judged(900).findings.first { $0.check == .executedMACs }?.verdict == .better)
  }

  @Test("MACs that vary are told by their interval")
  func varyingMACs() throws {
    let found = try finding(
      .executedMACs,
      pair {
        Planted.rolledOut("pour", $0, solved: true, macs: 1000)
      } candidate: {
        Planted.rolledOut("pour", $0, solved: true, macs: $0 % 2 == 0 ? 600 : 1450)
      })
    #expect(found.verdict == .cannotTell && found.pairsToDecide != nil)
    #expect(try #require(found.effect?.lower) < 0.02 && #require(found.effect?.upper) > 0.02)
  }

  private func slower(_ factor: Double) -> PlantedPair {
    pair {
      Planted.rolledOut("pour", $0, solved: true, seconds: 0.1 + Double($0 % 3) / 100)
    } candidate: {
      Planted.rolledOut("pour", $0, solved: true, seconds: factor * (0.1 + Double($0 % 3) / 100))
    }
  }

  @Test("latency is judged on one machine, and only there")
  func latency() throws {
    #expect(try finding(.latency, slower(1.5)).verdict == .regressed)
    #expect(try finding(.latency, slower(1.1)).verdict == .notWorse)
    #expect(try finding(.latency, slower(0.5)).verdict == .better)
    let changes: [(inout RunManifest) -> Void] = [
      { $0.environment.processor = "other" }, { $0.environment.threads = 1 },
      { $0.plan.batch = 8 },
      { $0.mergedFrom = [] },
    ]
    for change in changes {
      var pair = slower(1.5)
      change(&pair.candidate.manifest)
      let found = try finding(.latency, pair)
      #expect(found.verdict == .notJudged && found.reason != nil && found.effect == nil)
    }
    var script = slower(1.5)
    for index in script.base.manifest.methods.indices {
      script.base.manifest.methods[index].layerCount = 0
      script.candidate.manifest.methods[index].layerCount = 0
    }
    #expect(try finding(.latency, script).verdict == .notJudged)
  }

  /// The candidate uses the last layer in the place of the third in some episodes.
  private func drifting(_ share: Int, of ten: Int = 10) -> PlantedPair {
    pair(100) {
      Planted.rolledOut("pour", $0, solved: true, layers: [1, 0, 1, 0])
    } candidate: {
      Planted.rolledOut(
        "pour", $0, solved: true, layers: $0 % ten < share ? [1, 0, 0, 1] : [1, 0, 1, 0])
    }
  }

  @Test("the use of other layers fails the gate while success holds")
  func drift() throws {
    let found = try finding(.layerUsage, drifting(4))
    // Of all use, half is of the layer that moves, and four tenths of that move.
    #expect(abs(try #require(found.effect?.value) - 0.2) < 1e-12)
    #expect(found.verdict == .regressed)
    #expect(try drifting(4).judged().outcome == .regressed)
    // The standard error is 0.5 * sqrt(0.4 * 0.6 / 100) = 0.0245.
    #expect(abs(try #require(found.effect?.lower) - (0.2 - 0.048)) < 0.01)
    #expect(abs(try #require(found.effect?.upper) - (0.2 + 0.048)) < 0.01)
    #expect(try finding(.layerUsage, drifting(0)).verdict == .notWorse)
    #expect(try finding(.layerUsage, drifting(1)).verdict == .cannotTell)
  }

  @Test("layers are compared between methods of one name and networks of one depth")
  func driftOfOthers() throws {
    var pair = drifting(4)
    pair.candidate.manifest.methods[0].name = "static"
    for index in pair.candidate.outcomes.indices {
      pair.candidate.outcomes[index].method = "static"
    }
    #expect(try finding(.layerUsage, pair).verdict == .notJudged)
    var deeper = drifting(4)
    deeper.candidate.manifest.methods[0].layerCount = 6
    #expect(try finding(.layerUsage, deeper).reason == "the networks have 4 and 6 layers")
  }

  @Test("checks that are off are not there")
  func off() throws {
    var settings = GateSettings()
    settings.executedMACs.check = false
    settings.latency.check = false
    settings.layerUsage.check = false
    #expect(try drifting(4).judged(by: settings).findings.map(\.check) == [.successAtEnd])
  }
}
