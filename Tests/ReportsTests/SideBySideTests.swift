import Failures
import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Policies side by side")
struct SideBySideTests {
  private func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

  private func compared(_ runs: [PolicyRun]) throws -> SideBySide {
    try #require(try SideBySideFixture(runs).compared())
  }

  @Test("one method of two checkpoints is two rows, called by their labels or folders")
  func separatesCheckpoints() throws {
    let found = try compared([
      PolicyRun(label: "first", solved: { _, _, index in index < 4 }),
      PolicyRun(checkpoint: "policies/second/", contents: "2", methods: ["dense", "mole"]),
    ])
    #expect(found.rows.map(\.name.text) == ["first:dense", "second:dense", "second:mole"])
    #expect(found.rows.map(\.success.rate) == [0.4, 1, 1])
    #expect(found.rows.map(\.episodes) == [20, 20, 20] && !found.isPartial)
    // scipy: binomtest(8, 20).proportion_ci(method="wilson")
    #expect(near(found.rows[0].success.lower, 0.21880653237281705))
  }

  @Test("two policies that only share their label are told apart by their runs")
  func separatesEqualLabels() throws {
    let fixture = try SideBySideFixture([
      PolicyRun(label: "nano"), PolicyRun(label: "nano", contents: "2"),
    ])
    let names = fixture.runs.map { "nano (\($0.url.lastPathComponent)):dense" }
    #expect(try fixture.compared()?.rows.map(\.name.text) == names)
    let settings = try SideBySideFixture([
      PolicyRun(), PolicyRun(change: { $0.plan.dtype = .int8 }), PolicyRun(methods: ["mole"]),
    ])
    #expect(try settings.compared()?.rows.count == 3)
    #expect(try settings.compared()?.rows.last?.name.text == "c:mole")
  }

  @Test("runs of one policy fill one row, in which an episode counts once")
  func joinsParts() throws {
    let found = try compared([
      PolicyRun(tasks: ["pour"]),
      PolicyRun(solved: { _, _, _ in false }),
    ])
    #expect(found.rows.count == 1 && found.rows[0].episodes == 20)
    // Those of 'pour' are the first run's.
    #expect(found.rows[0].success.rate == 0.5)
    #expect(found.rows[0].tasks.map(\.name) == ["pour", "push"])
    #expect(found.rows[0].tasks.map { $0.closedLoop?.successOnce.rate } == [1, 0])
  }

  @Test("a script has one row, whatever runs hold it")
  func joinsScripts() throws {
    let found = try compared([
      PolicyRun(label: "a", methods: ["dense", "home"]),
      PolicyRun(label: "b", contents: "2", methods: ["dense", "home"]),
    ])
    #expect(found.rows.map(\.name.text) == ["a:dense", "script:home", "b:dense"])
    #expect(found.rows[1].episodes == 20 && found.rows[1].health == nil)
  }

  @Test("training seeds have a row as their mean, with their own rates, before those of each")
  func poolsSeeds() throws {
    let rates = [8, 6, 10]
    let seeds = rates.enumerated().map { number, rate in
      PolicyRun(
        label: "mole/seed-\(number + 1)", contents: "\(number)", methods: ["mole"],
        solved: { _, _, index in index < rate },
        layers: { _, _, _ in [number == 0 ? [1, 1, 1, 1] : [1, 0, 1, 0]] })
    }
    let found = try compared(seeds + [PolicyRun(label: "mole/seed-x")])
    #expect(
      found.rows.map(\.name.text) == [
        "mole:mole", "mole/seed-1:mole", "mole/seed-2:mole", "mole/seed-3:mole",
        "mole/seed-x:dense",
      ])
    let pool = found.rows[0]
    #expect(near(pool.success.rate, 0.8) && pool.episodes == 20)
    #expect(pool.seeds.map(\.seed) == ["1", "2", "3"] && pool.seeds.map(\.rate) == [0.8, 0.6, 1])
    #expect(near(pool.group.layersExecuted, 8.0 / 3) && pool.health == nil)
    #expect(near(pool.tasks[0].closedLoop?.successOnce.rate, 0.8))
    #expect(found.rows.map(\.isPartOfPool) == [false, true, true, true, false])
    #expect(found.brief.rows.map(\.name.policy) == ["mole", "mole/seed-x"])
    // Seeds alone give means from 0.6 to 1; each has 1 in 27 chances.
    let (lower, upper) = (try #require(pool.success.lower), try #require(pool.success.upper))
    #expect(lower < 0.67 && lower >= 0.4 && upper > 0.92 && upper <= 1)
    #expect(found.rows[1].success.lower.map { $0 > 0.5 } == true)
  }

  @Test("networks of another depth, or episodes that no two saw, are no seeds of one policy")
  func poolsLikeSeedsOnly() throws {
    let other = PolicyRun(
      label: "p/seed-2", contents: "2", layers: { _, _, _ in [[1, 1]] },
      change: { $0.methods[0].layerCount = 2 })
    let apart = PolicyRun(label: "p/seed-3", contents: "3", tasks: ["wipe"])
    let found = try compared([PolicyRun(label: "p/seed-1"), other, apart])
    #expect(found.rows.map(\.name.policy) == ["p/seed-1", "p/seed-2", "p/seed-3"])
    #expect(found.rows.allSatisfy { $0.seeds.isEmpty && !$0.isPartOfPool })
  }

  @Test("a single rollout has rows too; replays have none, nor has one rollout beside them")
  func needsRollouts() throws {
    let single = PolicyRun(methods: ["dense", "mole:2"])
    #expect(try compared([single]).rows.map(\.name.method) == ["dense", "mole:2"])
    let replay = try TinyRun.fixture()
    let rollout = try SideBySideFixture([single])
    let directories = try [replay.open()] + rollout.opened()
    #expect(try RolloutSet(among: directories) == nil)
    #expect(try RolloutSet(among: [replay.open()]) == nil)
    #expect(try RolloutSet(among: []) == nil)
  }

  @Test("missing episodes are said")
  func saysPartial() throws {
    let found = try compared([
      PolicyRun(), PolicyRun(label: "b", change: { $0.tasks[0].episodes = 11 }),
    ])
    #expect(found.isPartial)
    for table in found.tables where table.name != "paraphrases" {
      #expect(table.notes.last?.hasPrefix("PARTIAL") == true, "\(table.name)")
    }
  }

  @Test("rollouts under other rules are refused by what differs")
  func refusesOtherRules() throws {
    func digest(_ hash: String) -> [FileDigest] {
      [FileDigest(path: "Tasks/pour/task.yaml", bytes: 1, sha256: hash)]
    }
    let cases: [(String, (inout RunManifest) -> Void)] = [
      ("suites are 'kitchen' and 'garage'", { $0.plan.suite = "garage" }),
      ("perturbed in different ways", { $0.plan.perturbations = [.lighting] }),
      ("numbers of actions in 'push'", { $0.tasks[1].budget = 3 }),
      ("'Tasks/pour/task.yaml' changed", { $0.taskFiles = digest("2") }),
    ]
    for (words, change) in cases {
      let first = PolicyRun(label: "a", change: { $0.taskFiles = digest("1") })
      let fixture = try SideBySideFixture([first, PolicyRun(label: "b", change: change)])
      let error = #expect(throws: ReportError.self, "\(words)") { try fixture.compared() }
      #expect(error?.kind == .usage)
      #expect(error?.description.contains(words) == true, "\(words)")
    }
    let words = try SideBySideFixture([
      PolicyRun(), PolicyRun(wording: .longest),
      PolicyRun(change: { $0.plan.perturbations = [.instruction] }),
    ])
    #expect(try words.compared()?.rows.count == 3)
  }

  @Test("a hostile mixture of labels and networks is no crash")
  func survivesNonsense() throws {
    let fixture = try SideBySideFixture([
      PolicyRun(label: "x"), PolicyRun(label: "x", contents: "2"),
    ])
    let name = fixture.runs[0].url.lastPathComponent
    let impostor = PolicyRun(
      label: "x (\(name))", layers: { _, _, _ in [[1]] }, change: { $0.methods[0].layerCount = 1 })
    let third = try RunFixture(manifest: impostor.manifest, outcomes: impostor.outcomes)
    let directories = try fixture.opened() + [third.open()]
    var tally = SideBySideTally(try #require(try RolloutSet(among: directories)))
    for (place, run) in directories.enumerated() {
      try run.forEachEpisode { tally.add($0, ofRun: place) }
    }
    #expect(try tally.compared(draws: 10).rows.count == 2)
  }

  @Test("a policy without a label is called as its folder")
  func namesPolicies() {
    var plan = EvaluationPlan(checkpoint: "Results/policies/mole-50/")
    #expect(plan.policyLabel == "mole-50")
    plan.label = "mole/seed-1"
    #expect(plan.policyLabel == "mole/seed-1")
    #expect(EvaluationPlan().policyLabel.isEmpty)
  }
}
