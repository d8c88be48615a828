import Failures
import Outcomes
import Reports
import Testing

@Suite("Rows against a base")
struct PairedTests {
  private func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

  private func compared(
    _ runs: [PolicyRun], against bases: [String] = [], draws: Int = 500
  ) throws -> SideBySide {
    try #require(try SideBySideFixture(runs).compared(against: bases, draws: draws))
  }

  /// Of 40 episodes the base solves 0..<20, the other those that `solved` names.
  private func pair(_ solved: @escaping (Int) -> Bool) -> [PolicyRun] {
    [
      PolicyRun(
        label: "dense", tasks: ["pour"], episodes: 40, solved: { _, _, index in index < 20 }),
      PolicyRun(
        label: "mole", contents: "2", methods: ["mole"], tasks: ["pour"], episodes: 40,
        solved: { _, _, index in solved(index) }),
    ]
  }

  @Test("episodes are divided by who solved them, and McNemar's test is of those that differ")
  func counts() throws {
    // Loses 3 of the base's episodes, solves 9 others.
    let found = try compared(pair { (3..<29).contains($0) })
    let comparison = try #require(found.comparisons.first)
    #expect(found.comparisons.count == 1 && comparison.base.text == "dense:dense")
    #expect(comparison.episodes == 40 && comparison.seeds == [1, 1])
    let counts = try #require(comparison.counts)
    #expect([counts.both, counts.onlyRow, counts.onlyBase, counts.neither] == [17, 9, 3, 11])
    #expect(near(counts.pValue, 0.14599609375))
    #expect(near(comparison.difference?.value, 0.15))
    #expect(near(comparison.rate, 0.65) && near(comparison.baseRate, 0.5))
  }

  @Test("the interval is that of the mean of paired differences (scipy: 0.125, 0.4)")
  func interval() throws {
    // Ten episodes more and none less: the differences are 1 ten times and 0 thirty times.
    let found = try compared(pair { $0 < 30 }, draws: 20_000)
    let difference = try #require(found.comparisons.first?.difference)
    // One episode more or less is 0.025.
    #expect(try abs(#require(difference.lower) - 0.125) < 0.026)
    #expect(try abs(#require(difference.upper) - 0.4) < 0.026)
    let same = try compared(pair { $0 < 20 }).comparisons.first
    #expect(same?.difference?.lower == 0 && same?.difference?.upper == 0)
    #expect(same?.counts?.pValue == 1)
  }

  @Test("only episodes that both saw count")
  func sharedEpisodes() throws {
    var runs = pair { _ in true }
    runs[0].episodes = 12
    let comparison = try #require(try compared(runs).comparisons.first)
    #expect(comparison.episodes == 12 && comparison.rate == 1 && comparison.baseRate == 1)
    runs[0].tasks = ["wipe"]
    let apart = try #require(try compared(runs).comparisons.first)
    #expect(apart.episodes == 0 && apart.difference == nil && apart.counts == nil)
  }

  private var policies: [PolicyRun] {
    [
      PolicyRun(label: "a", methods: ["mole", "dense"]),
      PolicyRun(label: "dense", contents: "2"),
      PolicyRun(label: "b", contents: "3", methods: ["truncate:2", "truncate:3"]),
    ]
  }

  @Test("the base is the dense policy, or what is asked for")
  func choosesBase() throws {
    func bases(_ asked: [String]) throws -> [String] {
      try compared(policies, against: asked).comparisons.map { "\($0.row.text) \($0.base.text)" }
    }
    #expect(
      try bases([]) == [
        "a:mole dense:dense", "a:dense dense:dense", "b:truncate:2 dense:dense",
        "b:truncate:3 dense:dense",
      ])
    #expect(try bases(["a"]).allSatisfy { $0.hasSuffix("a:dense") })
    let two = try bases(["b:truncate:2", "a:mole", "b:truncate:2"])
    #expect(two.count == 8 && two[0] == "a:mole b:truncate:2" && two[7].hasSuffix(" a:mole"))
    for wrong in ["c", "a:truncate:2", "b", ""] {
      let fixture = try SideBySideFixture(policies)
      let error = #expect(throws: ReportError.self) { try fixture.compared(against: [wrong]) }
      #expect(error?.kind == .usage)
      #expect(error?.description.contains("'b:truncate:3'") == true, "\(wrong)")
    }
    let lacking = try compared([
      PolicyRun(methods: ["mole"]), PolicyRun(label: "b", methods: ["mole"]),
    ])
    #expect(lacking.comparisons.isEmpty)
    #expect(PairedTable.table(lacking).notes[0].hasPrefix("NOTHING TO COMPARE"))
  }

  /// Three seeds of a policy with these numbers of solved episodes out of ten a task.
  private func seeds(_ name: String, _ rates: [Int], _ method: String) -> [PolicyRun] {
    rates.enumerated().map { number, rate in
      PolicyRun(
        label: "\(name)/seed-\(number + 1)", contents: "\(name)\(number)", methods: [method],
        solved: { _, _, index in index < rate })
    }
  }

  @Test("means over seeds are compared, and each seed with the same seed of the base")
  func comparesSeeds() throws {
    let found = try compared(
      seeds("dense", [5, 6, 7], "dense") + seeds("mole", [8, 6, 10, 9], "mole"))
    #expect(
      found.comparisons.map { "\($0.row.policy) \($0.base.policy)" } == [
        "mole dense", "mole/seed-1 dense/seed-1", "mole/seed-2 dense/seed-2",
        "mole/seed-3 dense/seed-3", "mole/seed-4 dense",
      ])
    let pool = found.comparisons[0]
    #expect(pool.seeds == [4, 3] && pool.counts == nil)
    #expect(near(pool.difference?.value, 0.825 - 0.6))
    let single = found.comparisons[1]
    #expect(near(single.difference?.value, 0.3) && single.counts?.onlyRow == 6)
    #expect(found.comparisons[4].counts == nil && found.comparisons[4].seeds == [1, 3])
  }

  @Test("seeds that differ widen the interval of their mean")
  func seedsWiden() throws {
    func width(_ rates: [Int]) throws -> Double {
      let found = try compared(
        [PolicyRun(label: "dense", solved: { _, _, index in index < 5 })]
          + seeds("mole", rates, "mole"), draws: 2000)
      let difference = try #require(found.comparisons.first?.difference)
      return try #require(difference.upper) - #require(difference.lower)
    }
    #expect(try width([1, 5, 9]) > width([5, 5, 5]) + 0.2)
    #expect(try width([5, 5, 5]) < 1e-9)
  }

  @Test("the same journals give the same numbers")
  func isDeterministic() throws {
    let fixture = try SideBySideFixture(seeds("dense", [5, 7], "dense") + policies.prefix(1))
    #expect(try fixture.compared() == fixture.compared())
  }
}
