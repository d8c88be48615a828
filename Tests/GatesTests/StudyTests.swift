import Foundation
import Gates
import Manipulation
import Outcomes
import Reports
import Testing

/// What the gate does with differences that were planted: the numbers of
/// `Results/studies/gate/README.md`. `MOLE_GATE_STUDY=<file>` writes them there.
@Suite("The gate on planted differences")
struct StudyTests {
  /// 500 pairs, 50 of each of ten tasks, whose sides differ by chance and by a planted loss.
  private struct Scenario {
    /// How much less the candidate solves.
    var loss: Double
    /// The share of the pairs on which the sides differ.
    var discordance: Double
    static let taskCount = 10
    static let pairsPerTask = 50

    /// The base solves 80 % of the episodes, whatever the task.
    func plant(trial: Int) -> PlantedPair {
      var generator = SeededGenerator(
        seed: SeededGenerator.derive(
          UInt64(trial), ["gate study", "\(loss)", "\(discordance)"]))
      let tasks = (0..<Scenario.taskCount).map { "task_\($0)" }
      var (base, candidate): ([EpisodeOutcome], [EpisodeOutcome]) = ([], [])
      for task in tasks {
        for index in 0..<Scenario.pairsPerTask {
          let pair = draw(using: &generator)
          base.append(Planted.rolledOut(task, index, solved: pair.0))
          candidate.append(Planted.rolledOut(task, index, solved: pair.1))
        }
      }
      let manifest = Planted.manifest(tasks: tasks, episodes: Scenario.pairsPerTask)
      return PlantedPair(base: (manifest, base), candidate: (manifest, candidate))
    }

    private func draw(using generator: inout SeededGenerator) -> (Bool, Bool) {
      let (onlyBase, onlyCandidate) = ((discordance + loss) / 2, (discordance - loss) / 2)
      let both = 0.8 - onlyBase
      let place = generator.uniform()
      if place < both { return (true, true) }
      if place < both + onlyBase { return (true, false) }
      return (false, place < both + onlyBase + onlyCandidate)
    }
  }

  /// What came of a scenario.
  private struct Tally {
    var trials = 0
    var regressed = 0
    var discordant = 0
    var sequentialRegressed = 0
    var sequentialPairs = 0

    var rate: Double { Double(regressed) / Double(trials) }
    var sequentialRate: Double { Double(sequentialRegressed) / Double(trials) }
    var meanPairs: Double { Double(sequentialPairs) / Double(trials) }
  }

  /// Costs are alike in all trials, and are not drawn again and again.
  private var settings: GateSettings {
    var settings = GateSettings()
    settings.executedMACs.check = false
    settings.latency.check = false
    settings.layerUsage.check = false
    return settings
  }

  private func tally(_ scenario: Scenario, trials: Int) throws -> Tally {
    var tally = Tally()
    for trial in 0..<trials {
      let comparison = try scenario.plant(trial: trial).compared()
      try comparison.check(allowPartial: false)
      let report = GateReport(judging: comparison, by: settings)
      let sequential = GateReport(judging: comparison, by: settings, sequentially: true)
      let counts = try #require(report.findings.first?.counts)
      let stop = try #require(sequential.findings.first)
      tally.trials += 1
      tally.discordant += counts.onlyBase + counts.onlyCandidate
      if report.outcome == .regressed { tally.regressed += 1 }
      if sequential.outcome == .regressed { tally.sequentialRegressed += 1 }
      tally.sequentialPairs += stop.stoppedAfter ?? stop.pairs
    }
    return tally
  }

  private func line(_ scenario: Scenario, _ tally: Tally) -> String {
    let measured = Double(tally.discordant) / Double(tally.trials * 500)
    return String(
      format: "| %.0f | %.0f | %.1f | %d | %.1f | %.1f | %.0f | %.0f |", scenario.loss * 100,
      scenario.discordance * 100, measured * 100, tally.trials, tally.rate * 100,
      tally.sequentialRate * 100, tally.meanPairs, (1 - tally.meanPairs / 500) * 100)
  }

  @Test("ten points are caught, nothing is not, and the sequential gate stops early")
  func planted() throws {
    let file = ProcessInfo.processInfo.environment["MOLE_GATE_STUDY"]
    let trials = file == nil ? 100 : 400
    let caught = Scenario(loss: 0.1, discordance: 0.2)
    let alike = Scenario(loss: 0, discordance: 0.2)
    let (loss, none) = (try tally(caught, trials: trials), try tally(alike, trials: trials))
    #expect(loss.rate >= 0.95, "\(loss)")
    #expect(none.rate <= 0.05, "\(none)")
    #expect(loss.sequentialRate >= 0.95, "\(loss)")
    #expect(none.sequentialRate <= 0.05, "\(none)")
    #expect(loss.meanPairs <= 350, "\(loss)")
    guard let file else { return }
    var lines = [line(caught, loss), line(alike, none)]
    for (planted, discordance) in [
      (0.1, 0.12), (0.1, 0.3), (0.1, 0.38), (0.05, 0.2), (0, 0.1), (0, 0.32),
    ] {
      let scenario = Scenario(loss: planted, discordance: discordance)
      lines.append(line(scenario, try tally(scenario, trials: trials)))
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: file))
  }

  @Test("a planted regression is found in journals as they lie on disk")
  func onDisk() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pair = Scenario(loss: 0.1, discordance: 0.2).plant(trial: 0)
    let sides = try [("base", pair.base), ("new", pair.candidate)].map { name, run in
      let url = folder.appending(path: name)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try OutcomeCoding.document(run.manifest).write(to: url.appending(path: RunFile.manifest))
      let lines = try run.outcomes.map { try OutcomeCoding.line($0) + Data("\n".utf8) }
      try Data(lines.joined()).write(to: url.appending(path: RunFile.journal))
      return try RunSide(reading: RunDirectory(opening: url), named: name)
    }
    let methods = try MethodPair.choose(base: sides[0], candidate: sides[1])
    let read = try RunComparison(base: sides[0], candidate: sides[1], methods: methods)
    #expect(
      GateReport(judging: read, by: settings)
        == GateReport(judging: try pair.compared(), by: settings))
  }
}
