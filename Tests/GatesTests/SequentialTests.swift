import Gates
import Manipulation
import Statistics
import Testing

@Suite("A gate that stops when it can tell")
struct SequentialTests {
  /// Feeds pairs until there is a verdict.
  private func verdict(_ pairs: [(Bool, Bool)], margin: Double = 0.05) -> (Verdict?, Int) {
    var gate = SequentialGate(margin: margin, alpha: 0.05)
    for (base, candidate) in pairs where gate.observe(base: base, candidate: candidate) != nil {
      break
    }
    return (gate.verdict, gate.table.count)
  }

  @Test("it goes on while it cannot tell, and stays with what it said")
  func stops() {
    #expect(verdict([(true, true), (true, false)]).0 == nil)
    let losses = [(Bool, Bool)](repeating: (true, false), count: 40)
    let (lost, after) = verdict(losses)
    #expect(lost == .regressed && after < 20)
    let gains = losses.map { ($0.1, $0.0) }
    // That it is not worse is told before that it is better, and lets a gate open as well.
    #expect(verdict(gains).0 == .notWorse && verdict(gains, margin: 0).0 == .better)
    #expect(verdict([(Bool, Bool)](repeating: (true, true), count: 400)).0 == .notWorse)
    var gate = SequentialGate(margin: 0.05, alpha: 0.05)
    for (base, candidate) in losses { gate.observe(base: base, candidate: candidate) }
    for _ in 0..<400 { gate.observe(base: false, candidate: true) }
    #expect(gate.verdict == .regressed && gate.table.count == after)
  }

  @Test("finished runs are taken in rounds, a pair of each task at a time")
  func rounds() throws {
    // Were one task taken after the other, the first would be over before it could tell.
    let pair = PlantedPair.rollouts([
      ("bad", [0, 40, 0, 0]), ("good", [0, 0, 40, 0]), ("even", [40, 0, 0, 0]),
    ])
    let report = try pair.judged(sequentially: true)
    let finding = try #require(report.findings.first)
    #expect(finding.check == .successAtEnd && finding.task == nil && finding.pairs == 120)
    #expect(finding.verdict == .cannotTell && finding.stoppedAfter == nil)
    #expect(report.outcome == .cannotTell)
    #expect(report.sentences[0].contains("all 120 pairs"))
  }

  @Test("it says where it would have stopped, with an interval that covers at any time")
  func replays() throws {
    // In turn, as the generator plants them, a quarter of each task's episodes is lost.
    var pair = PlantedPair.alike()
    let tasks = Planted.tasks
    pair.base.outcomes = tasks.flatMap { task in
      (0..<80).map { Planted.rolledOut(task, $0, solved: true) }
    }
    pair.candidate.outcomes = tasks.flatMap { task in
      (0..<80).map { Planted.rolledOut(task, $0, solved: $0 % 4 != 0) }
    }
    let report = try pair.judged(sequentially: true)
    let finding = try #require(report.findings.first)
    let stop = try #require(finding.stoppedAfter)
    #expect(finding.verdict == .regressed && report.outcome == .regressed)
    #expect(stop < 60 && finding.pairs == 240)
    #expect(try #require(finding.effect?.upper) < 0)
    #expect(
      report.sentences[0].contains("anytime-valid interval")
        && report.sentences[0].contains("decided after \(stop) of 240 pairs"),
      "\(report.sentences[0])")
    let counts = try #require(finding.counts)
    #expect(counts.both + counts.onlyBase + counts.onlyCandidate + counts.neither == stop)
  }
}
