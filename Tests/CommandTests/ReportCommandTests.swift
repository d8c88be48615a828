import Foundation
import Manipulation
import Outcomes
import Testing

@Suite("mole report")
struct ReportCommandTests {
  @Test("writes the same tables and figures again, and prints the main table")
  func report() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "run"]).exitCode == 0)
      let result = try place.run(["report", "run", "--out", "again", "--format", "csv"])
      #expect(result.exitCode == 0, "\(result.messages)")
      let rows = result.output.split(whereSeparator: \.isNewline).map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      // One task: its row, the mean over tasks and the pooled queries of each of three methods.
      try #require(rows.count == 10)
      let methods = rows.dropFirst().map { String($0[0]) }
      #expect(methods.filter { $0 == "mole" }.count == 3)
      let layers = try #require(rows[0].firstIndex(of: "layers_executed"))
      #expect(rows[1][layers] == "6")
      #expect(rows[7][layers] == "3")
      for name in [
        "summary.json", "tables/main.csv", "tables/layer_usage.md", "figures/layer_usage_mole.svg",
      ] {
        #expect(
          try Data(contentsOf: place.url("run/\(name)"))
            == Data(contentsOf: place.url("again/\(name)")), "\(name)")
      }
      let figure = try Data(contentsOf: place.url("again/figures/layer_histogram_mole.png"))
      #expect(figure.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test("the console's table fits its width and repeats no row of a single task")
  func console() throws {
    try withWorkplace { place in
      let result = try place.eval(["--out", "run"])
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 120 })
      let body = result.output.split(separator: "\n").prefix { !$0.hasPrefix("  match:") }
      #expect(body.count { $0.contains("close_jar") } == 3)
      #expect(!body.contains { $0.contains("mean over tasks") })
    }
  }

  @Test("several runs go into a folder each; one that is named twice is refused")
  func several() throws {
    try withWorkplace { place in
      for run in ["a", "b"] {
        #expect(try place.eval(["--out", run, "--methods", "dense"]).exitCode == 0)
      }
      try place.expectFine(["report", "a", "b", "--out", "both"])
      for run in ["a", "b"] {
        #expect(FileManager.default.fileExists(atPath: place.url("both/\(run)/summary.json").path))
      }
      try place.expectRefusal(
        ["report", "a", "a", "--out", "twice"], exitCode: 64, containing: "'a'", "named twice")
      try place.expectRefusal(["report", "none"], exitCode: 66, containing: "run.json", "none")
    }
  }

  @Test("a replay and a rollout of one checkpoint are held against each other below --out")
  func pair() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "replay"]).exitCode == 0)
      try place.writeRollout("rollout", like: "replay")
      let result = try place.run(["report", "rollout", "replay", "--out", "both"])
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output.contains("Closed-loop success and compute"))
      #expect(result.output.contains("How well replay foretells closed-loop success"))
      for name in [
        "tables/offline_vs_closed_loop.csv", "figures/offline_vs_closed_loop.png",
        "replay/tables/main.csv", "rollout/tables/endings.csv",
      ] {
        #expect(FileManager.default.fileExists(atPath: place.url("both/\(name)").path), "\(name)")
      }
      try place.writeRollout("other", like: "replay") { $0.plan.keep = 0.25 }
      try place.expectRefusal(
        ["report", "replay", "other", "--out", "third"], exitCode: 64,
        containing: "they keep 0.5 and 0.25", "unlike runs")
      #expect(!FileManager.default.fileExists(atPath: place.url("third").path))
    }
  }

  @Test("rollouts of several policies stand side by side below --out, against any of them")
  func sideBySide() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "replay", "--label", "mole/seed-1"]).exitCode == 0)
      #expect(try place.manifest("replay").plan.label == "mole/seed-1")
      try place.writeRollout("first", like: "replay")
      try place.writeRollout("second", like: "replay") { $0.plan.label = "mole/seed-2" }
      try place.writeRollout("base", like: "replay") { $0.plan.label = "dense" }
      let result = try place.run(["report", "first", "second", "base", "--out", "all"])
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output.contains("Closed-loop success of policies in"))
      #expect(result.output.contains("against dense:dense"))
      #expect(!result.output.contains("Closed-loop success and compute"))
      for name in [
        "tables/side_by_side.csv", "tables/paired.md", "tables/router_health.csv",
        "tables/success_against_compute.csv", "figures/success_against_compute.png",
        "second/summary.json",
      ] {
        #expect(FileManager.default.fileExists(atPath: place.url("all/\(name)").path), "\(name)")
      }
      let paired = try place.expectFine([
        "report", "first", "second", "--out", "two", "--against", "mole:early-exit", "--against",
        "mole/seed-2:mole", "--format", "csv",
      ])
      #expect(paired.contains("against mole:early-exit,mole,dense"))
      #expect(paired.contains("against mole/seed-2:mole,mole/seed-2,dense"))
      try place.expectRefusal(
        ["report", "first", "second", "--out", "none", "--against", "other"], exitCode: 64,
        containing: "'mole:dense'", "an unknown base")
      #expect(!FileManager.default.fileExists(atPath: place.url("none").path))
      try place.expectRefusal(
        ["report", "first", "second", "--against", "mole"], exitCode: 64, containing: "'--out'",
        "nowhere to write")
      try place.expectFine(["report", "first", "--against", "mole/seed-1:mole"])
      #expect(FileManager.default.fileExists(atPath: place.url("first/tables/paired.csv").path))
    }
  }
}

extension Workplace {
  /// Writes a rollout of the methods and tasks of a replay, in which each method's first episode
  /// is solved.
  func writeRollout(
    _ run: String, like replay: String, change: (inout RunManifest) -> Void = { _ in }
  ) throws {
    var manifest = try manifest(replay)
    manifest.plan.mode = .rollout
    change(&manifest)
    let lines = try timelessLines(replay).map { replayed in
      let solved = replayed.episode.index == 0
      let queries = replayed.queries.map {
        QueryOutcome(
          step: $0.step, predictedAction: $0.predictedAction, layers: $0.layers,
          compute: $0.compute)
      }
      return try OutcomeCoding.line(
        EpisodeOutcome(
          rolledOut: replayed.episode, method: replayed.method,
          instruction: replayed.instruction, seed: replayed.seed, queries: queries,
          successOnce: solved, successAtEnd: solved, failure: nil, actions: queries.count,
          simulatedSeconds: 1))
    }
    let folder = URL(fileURLWithPath: "\(folder)/\(run)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try OutcomeCoding.document(manifest).write(to: file(run, RunFile.manifest))
    let journal = lines.reduce(Data()) { $0 + $1 + Data("\n".utf8) }
    try journal.write(to: file(run, RunFile.journal))
  }
}
