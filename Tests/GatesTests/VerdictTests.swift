import Foundation
import Gates
import Manipulation
import Outcomes
import Testing

@Suite("Verdicts")
struct VerdictTests {
  private func near(_ a: Double?, _ b: Double, within: Double = 5e-4) -> Bool {
    a.map { abs($0 - b) < within } ?? false
  }

  /// The findings on success: over all tasks first.
  private func success(_ report: GateReport) -> [Finding] {
    report.findings.filter { $0.check == .successAtEnd || $0.check == .successOnce }
  }

  @Test("a loss that is no chance is a regression, in a sentence to act on")
  func regression() throws {
    let report = try PlantedPair.rollouts([("pour", [68, 14, 2, 16])]).judged()
    #expect(report.outcome == .regressed)
    let finding = try #require(success(report).first)
    #expect(success(report).count == 1 && finding.overall && finding.task == "pour")
    #expect(finding.verdict == .regressed && finding.pairs == 100)
    // statsmodels: exact McNemar 0.004180908203125; mid-p 0.0023...; Tango's interval by ratesci.
    #expect(near(finding.pValue, 0.0023498535))
    let counts = try #require(finding.counts)
    #expect(counts.both == 68 && counts.onlyBase == 14)
    #expect(counts.onlyCandidate == 2 && counts.neither == 16)
    #expect(
      report.sentences[0].hasPrefix(
        "pour regressed: 82.0 % -> 70.0 % (-12.0 points, 95 % interval -20."),
      "\(report.sentences[0])")
    #expect(report.sentences[0].hasSuffix(", 100 pairs, p = 0.0023)."))
  }

  @Test("each verdict comes where it should")
  func verdicts() throws {
    func verdict(_ counts: [Int]) throws -> Verdict? {
      success(try PlantedPair.rollouts([("pour", counts)]).judged()).first?.verdict
    }
    #expect(try verdict([260, 90, 90, 60]) == .cannotTell)
    #expect(try verdict([375, 15, 15, 95]) == .notWorse)
    #expect(try verdict([340, 10, 50, 100]) == .better)
    #expect(try verdict([340, 60, 10, 90]) == .regressed)
    // Worse beyond doubt, and within the margin beyond doubt.
    #expect(try verdict([4000, 60, 10, 930]) == .notWorse)
    #expect(try verdict([3, 1, 0, 0]) == .cannotTell)
  }

  @Test("tasks are a family, the whole is none of it")
  func family() throws {
    // p = 0.0118 by mid-p: enough alone, too little among seven.
    let quiet = (0..<6).map { ("task_\($0)", [12, 1, 1, 6]) }
    let report = try PlantedPair.rollouts([("bad", [8, 9, 1, 2])] + quiet).judged()
    let bad = try #require(success(report).first { $0.task == "bad" })
    #expect(near(bad.pValue, 0.01171875, within: 1e-9))
    #expect(near(bad.adjustedP, 7 * 0.01171875, within: 1e-9))
    #expect(bad.verdict == .cannotTell && !bad.overall)
    #expect(success(report)[0].overall && success(report)[0].task == nil)
    #expect(success(report)[0].pairs == 140)
    let alone = try PlantedPair.rollouts([("bad", [8, 9, 1, 2])]).judged()
    #expect(success(alone).first?.verdict == .regressed)
  }

  @Test("one task alone can keep the gate shut")
  func oneTask() throws {
    let report = try PlantedPair.rollouts([
      ("bad", [10, 30, 0, 10]), ("good", [10, 0, 30, 10]), ("even", [190, 3, 3, 4]),
    ]).judged()
    let found = Dictionary(
      uniqueKeysWithValues: success(report).map { ($0.task ?? "all", $0.verdict) })
    #expect(
      found == ["all": .cannotTell, "bad": .regressed, "good": .better, "even": .notWorse])
    #expect(report.outcome == .regressed)
  }

  @Test("cannot tell says how many more pairs would")
  func pairsToDecide() throws {
    let counts = [300, 40, 28, 132]
    let report = try PlantedPair.rollouts([("pour", counts)]).judged()
    let finding = try #require(success(report).first)
    #expect(finding.verdict == .cannotTell)
    let more = try #require(finding.pairsToDecide)
    #expect(report.sentences[0].hasSuffix("; about \(more) more pairs would decide it."))
    // The normal formula by hand: z = 1.959964 + 0.841621, a variance of 69 / 502 - 0.024², and
    // the margin 0.026 away, nearer to a verdict than 0.
    let needed = 2.801585 * 2.801585 * (69.0 / 502 - 0.000576) / 0.000676
    #expect(more == Int(needed.rounded(.up)) - 500)
    let enough = counts.map { $0 * (500 + more) / 500 }
    #expect(success(try PlantedPair.rollouts([("pour", enough)]).judged())[0].verdict == .notWorse)
  }

  @Test("cannot tell shuts the gate or not, as its file says")
  func undecided() throws {
    let pair = PlantedPair.rollouts([("pour", [30, 5, 4, 11]), ("push", [3, 1, 1, 1])])
    var settings = GateSettings()
    #expect(try pair.judged(by: settings).outcome == .cannotTell)
    settings.cannotTell = .pass
    #expect(try pair.judged(by: settings).outcome == .passed)
    settings.tasksCannotTell = .fail
    #expect(try pair.judged(by: settings).outcome == .cannotTell)
  }

  @Test("success is at the end or once, and never both")
  func measures() throws {
    var pair = PlantedPair.rollouts([("pour", [400, 0, 0, 100])])
    for index in 0..<80 { pair.candidate.outcomes[index].successAtEnd = false }
    var settings = GateSettings()
    #expect(success(try pair.judged(by: settings)).map(\.verdict) == [.regressed])
    settings.success.measure = .once
    let once = success(try pair.judged(by: settings))
    #expect(once.map(\.verdict) == [.notWorse] && once[0].check == .successOnce)
    settings.success.check = false
    #expect(success(try pair.judged(by: settings)).isEmpty)
  }

  @Test("replays are judged by key frames, or by errors, of whole episodes")
  func replays() throws {
    let count = 60
    let base = (0..<count).map { Planted.replayed("pour", $0, matches: [true, $0 % 3 > 0, true]) }
    let worse = (0..<count).map { index in
      Planted.replayed("pour", index, matches: [index % 2 > 0, index % 3 > 0, index % 4 > 0])
    }
    let manifest = Planted.manifest(.replay, tasks: ["pour"], episodes: count)
    let pair = PlantedPair(base: (manifest, base), candidate: (manifest, worse))
    let report = try pair.judged()
    let finding = try #require(report.findings.first)
    #expect(finding.check == .keyframeMatch && finding.verdict == .regressed)
    #expect(near(finding.base, 160.0 / 180) && near(finding.candidate, 115.0 / 180))
    #expect(try #require(finding.effect?.upper) < 0)
    var settings = GateSettings()
    settings.replay.measure = .positionError
    settings.replay.margin = 0.01
    let errors = try pair.judged(by: settings).findings[0]
    #expect(errors.check == .positionError && errors.verdict == .regressed)
    #expect(try #require(errors.effect?.value) > 0)
    let turned = PlantedPair(base: pair.candidate, candidate: pair.base)
    #expect(try turned.judged(by: settings).findings[0].verdict == .better)
    #expect(try turned.judged().findings[0].verdict == .better)
    let same = PlantedPair(base: pair.base, candidate: pair.base)
    #expect(try same.judged().findings[0].verdict == .notWorse)
  }

  @Test("an answer that is no action has no error, and its query counts for neither")
  func invalidAnswers() throws {
    let manifest = Planted.manifest(.replay, tasks: ["pour"], episodes: 2)
    let base = [0, 1].map {
      Planted.replayed("pour", $0, matches: [true, true], errors: [0.1, 0.2])
    }
    let other = [0, 1].map {
      Planted.replayed("pour", $0, matches: [true, false], errors: [0.1, nil])
    }
    var settings = GateSettings()
    settings.replay.measure = .positionError
    let finding = try PlantedPair(base: (manifest, base), candidate: (manifest, other))
      .judged(by: settings).findings[0]
    #expect(near(finding.base, 0.1) && finding.effect?.value == 0)
  }

  @Test("the same runs give the same report, to the byte")
  func deterministic() throws {
    let pair = PlantedPair.alike(.replay)
    #expect(try pair.judged().rendered(as: .json) == pair.judged().rendered(as: .json))
  }
}
