import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

// Constants: python3 Scripts/fixtures/statistics_values.py

@Suite("The choice of layers")
struct RouterHealthTests {
  private func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

  private static let masks = [
    "pour": ["110000", "110000", "101000", "100100"], "push": ["110000", "010001", "010001"],
  ]

  /// One query for each mask of a task, in one episode; or of the same mask everywhere.
  private func run(
    _ label: String, masks: [String: [String]] = masks, shares: Float = 1
  ) -> PolicyRun {
    PolicyRun(
      label: label, contents: label, methods: ["mole:2"], episodes: 1,
      layers: { _, task, _ in
        masks[task, default: []].map { mask in mask.map { $0 == "1" ? shares : 0 } }
      }, change: { $0.methods[0].layerCount = 6 })
  }

  private func compared(_ runs: [PolicyRun]) throws -> SideBySide {
    try #require(try SideBySideFixture(runs).compared(draws: 20))
  }

  @Test("entropies and likeness equal numpy's over all pairs of queries")
  func values() throws {
    let health = try #require(try compared([run("a")]).rows[0].health)
    #expect(health.queries == 7 && health.layerCount == 6 && health.distinctMasks == 4)
    #expect(near(health.entropy, 0.7760181089142081))
    #expect(near(health.entropyWithinTasks, 0.6207339402664357))
    #expect(near(health.decisionBits, 0.628784543810758))
    #expect(health.neverUsed == [4] && health.alwaysUsed == [])
    #expect(near(health.sameTask?.agreement, 0.7407407407407407))
    #expect(near(health.sameTask?.overlap, 0.48148148148148145))
    #expect(near(health.differentTasks?.agreement, 0.611111111111111))
    #expect(near(health.differentTasks?.overlap, 0.3333333333333333))
  }

  @Test("a fixed choice has no bits and is always alike; layers are never or always used")
  func fixedChoice() throws {
    let fixed = ["pour": ["101000", "101000"], "push": ["101000"]]
    let row = try compared([run("a", masks: fixed)]).rows[0]
    let health = try #require(row.health)
    #expect(!row.choosesLayers && health.distinctMasks == 1 && health.decisionBits == 0)
    #expect(health.alwaysUsed == [0, 2] && health.neverUsed == [1, 3, 4, 5])
    #expect(health.sameTask?.agreement == 1 && health.differentTasks?.overlap == 1)
    #expect(near(health.entropy, 0.3868528072345416))
  }

  @Test("a layer that sees only some tokens counts as run, and no layers at all are alike")
  func oddMasks() throws {
    let none = ["pour": ["000000", "000000"], "push": ["000000"]]
    let rows = try compared([run("some", shares: 0.5), run("none", masks: none)]).rows
    #expect(rows[0].health?.distinctMasks == 4 && rows[0].choosesLayers)
    #expect(near(rows[0].health?.entropy, 0.7760181089142081))
    #expect(rows[1].health?.entropy == nil && rows[1].health?.sameTask?.overlap == 1)
    #expect(rows[1].health?.neverUsed.count == 6)
  }

  @Test("one query has no pair, and a single task no other")
  func fewQueries() throws {
    let rows = try compared([
      run("one", masks: ["pour": ["110000"]]), run("two", masks: ["pour": ["110000", "101000"]]),
    ]).rows
    #expect(rows[0].health?.sameTask == nil && rows[0].health?.differentTasks == nil)
    #expect(near(rows[1].health?.sameTask?.overlap, 1.0 / 3))
    #expect(rows[1].health?.differentTasks == nil)
  }

  @Test(
    "very many masks are not compared each with each, and all else is told",
    .timeLimit(.minutes(10)))
  func manyMasks() throws {
    let run = PolicyRun(
      methods: ["mole"], tasks: ["pour"], episodes: 4200,
      layers: { _, _, index in [(0..<13).map { Float(index >> $0 & 1) }] },
      change: { $0.methods[0].layerCount = 13 })
    let health = try #require(try compared([run]).rows[0].health)
    #expect(health.distinctMasks == 4200 && health.sameTask?.overlap == nil)
    #expect(health.sameTask.map { (0.4...0.6).contains($0.agreement) } == true)
  }

  /// The router looks at the words: layer 1 in usual ones, layer 2 in long ones, but for 'push'.
  private func worded(_ wording: Wording, label: String = "a") -> PolicyRun {
    PolicyRun(
      label: label, methods: ["dense", "mole:2"], episodes: 4, wording: wording,
      layers: { method, task, _ in
        guard method != "dense" else { return [[1, 1, 1, 1]] }
        let usual: [Float] = [1, 1, 0, 0]
        let first: [Float] = wording == .longest && task == "pour" ? [1, 0, 1, 0] : usual
        return [first, [0, 0, 0, 1]]
      })
  }

  @Test("first choices in other words are compared where the words differ")
  func paraphrases() throws {
    let found = try compared([worded(.default), worded(.longest)])
    #expect(found.rows.map(\.name.wording) == [.default, .default, .longest, .longest])
    #expect(found.paraphrases.map(\.row.method) == ["dense", "mole:2"])
    let agreement = found.paraphrases[1]
    #expect(agreement.reference == .default && agreement.row.wording == .longest)
    // The words of the first episode of each task are the same in both.
    #expect(agreement.episodes == 6 && agreement.sameMask == 0.5)
    #expect(agreement.layers == [1, 0.5, 0.5, 1] && agreement.meanAgreement == 0.75)
    #expect(found.paraphrases[0].sameMask == 1)
    let text = try #require(ParaphraseTable.table(found)).markdown()
    let line = "| a | mole:2 | longest | default | 6 | 50.0 | 75.0 | 100 | 50 | 50 | 100 |"
    #expect(text.contains(line))
    #expect(RouterHealthTable.table(found).csv().contains("agreement_other_words"))
    // Each is compared in its own words.
    #expect(found.comparisons.map(\.base.wording) == [.default, .longest])
  }

  @Test("another policy of the same name, and other seeds, are no paraphrase")
  func otherPolicies() throws {
    var changed = worded(.longest)
    changed.contents = "2"
    #expect(try compared([worded(.default), changed]).paraphrases.isEmpty)
    #expect(try compared([worded(.default), worded(.longest, label: "b")]).paraphrases.isEmpty)
    let alone = try compared([worded(.default)])
    #expect(ParaphraseTable.table(alone) == nil)
  }
}

@Suite("Layers by gripper")
struct GripperUsageTests {
  /// The first query sees an open gripper and runs layers 0 and 1; the second a closed one, 0 and 2.
  private func run(_ label: String = "a", seen: @escaping (Int) -> Bool?) -> PolicyRun {
    PolicyRun(
      label: label, contents: label, methods: ["dense", "mole:2", "home"], episodes: 2,
      layers: { method, _, _ in
        method == "dense" ? [[1, 1, 1, 1], [1, 1, 1, 1]] : [[1, 1, 0, 0], [1, 0, 1, 0]]
      }, gripper: seen)
  }

  @Test("queries are counted apart by what they showed")
  func separates() throws {
    let policy = run { $0 == 0 }
    let fixture = try RunFixture(manifest: policy.manifest, outcomes: policy.outcomes)
    let summary = try fixture.summary()
    let usage = try #require(summary.methods[1].pooled.layerUsageByGripper)
    #expect(usage.open.queries == 4 && usage.open.shares == [1, 1, 0, 0])
    #expect(usage.closed.queries == 4 && usage.closed.shares == [1, 0, 1, 0])
    let lines = GripperUsageTable.table(summary).csv().split(separator: "\r\n")
    #expect(lines.contains("mole:2,pour,open,2,2,1,1,0,0"))
    #expect(lines.contains("mole:2,pooled episodes,closed,4,2,1,0,1,0"))
    #expect(!lines.contains { $0.hasPrefix("home") })
    let names = summary.figures.map(\.name)
    #expect(names.contains("layer_usage_by_gripper_mole-2"))
    #expect(!names.contains { $0.hasSuffix("home") })
  }

  @Test("a journal that does not say what was shown has a table that says so")
  func saysMissing() throws {
    let policy = run { _ in nil }
    let fixture = try RunFixture(manifest: policy.manifest, outcomes: policy.outcomes)
    let table = try GripperUsageTable.table(fixture.summary())
    #expect(table.rows.isEmpty && table.notes[0].hasPrefix("NOTHING TO SHOW"))
    #expect(table.markdown().contains("no query of the journal says"))
    #expect(try !fixture.summary().figures.contains { $0.name.contains("gripper") })
  }

  @Test("queries that do not say it are left out, and a phase may be missing")
  func leavesOut() throws {
    let policy = run { $0 == 0 ? true : nil }
    let fixture = try RunFixture(manifest: policy.manifest, outcomes: policy.outcomes)
    let usage = try fixture.summary().methods[1].pooled.layerUsageByGripper
    #expect(usage?.open.queries == 4 && usage?.closed.queries == 0)
    let table = try GripperUsageTable.table(fixture.summary())
    #expect(table.markdown().contains("| closed | 0 | – |"))
  }

  @Test("policies stand side by side, seeds as their mean too; the figure has those that choose")
  func comparesPolicies() throws {
    let found = try #require(
      try SideBySideFixture([
        run("mole/seed-1") { $0 == 0 }, run("mole/seed-2") { $0 == 1 }, run("old") { _ in nil },
      ]).compared(draws: 20))
    let lines = GripperUsageTable.table(found).csv().split(separator: "\r\n")
    #expect(lines.contains("\"mole, mole:2\",all tasks,open,8,2,1,0.5,0.5,0"))
    #expect(lines.contains("\"mole/seed-2, mole:2\",all tasks,open,4,2,1,0,1,0"))
    #expect(!lines.contains { $0.contains("old") })
    let figure = try #require(
      found.figures.first { $0.name == "layer_usage_by_policy_and_gripper" })
    #expect(figure.svg.contains("mole:2, open") && !figure.svg.contains("dense, open"))
  }
}
