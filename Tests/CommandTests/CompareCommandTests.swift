import Foundation
import Manipulation
import Outcomes
import Testing

@Suite("mole compare")
struct CompareCommandTests {
  /// The fields of a report that programs act on.
  private struct Report: Decodable {
    var outcome: String
    var pairs: Int
    var faults: [Fault]
    var findings: [Finding]

    struct Fault: Decodable {
      var fact: String
      var task: String?
      var episode: String?
    }

    struct Finding: Decodable {
      var check: String
      var verdict: String
    }
  }

  private func report(_ result: Program.Result) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  /// Two rollouts of a script, of which the second solves no multiple of `failing`.
  private func withRuns(
    episodes: Int = 40, failing: Int?, _ body: (Workplace) throws -> Void
  ) throws {
    try withWorkplace { place in
      for run in ["base", "new"] {
        let lines = (0..<episodes).map { index in
          outcome(index, solved: run == "base" || failing.map { index % $0 != 0 } ?? true)
        }
        try write(lines, episodes: episodes, to: run, in: place)
      }
      try body(place)
    }
  }

  private func write(
    _ outcomes: [EpisodeOutcome], episodes: Int, to run: String, in place: Workplace
  ) throws {
    var plan = EvaluationPlan(methods: ["oracle"])
    plan.mode = .rollout
    plan.suite = "all12"
    let manifest = RunManifest(
      status: .complete, command: ["mole", "eval"], plan: plan,
      environment: RunEnvironment(
        commit: nil, uncommittedChanges: nil, compiler: "6.3", optimized: true, libraries: [:],
        processor: "p", processorCount: 1, threads: 1, operatingSystem: "Linux"),
      checkpointFiles: [], demonstrations: [],
      taskFiles: [FileDigest(path: "close_box/task.yaml", bytes: 9, sha256: "1")],
      methods: [MethodDescription(name: "oracle", layerCount: 0, warmupQueries: 0)],
      tasks: [TaskDescription(name: "close_box", episodes: episodes, budget: 10)],
      startedAt: "2026-01-01T00:00:00Z")
    try FileManager.default.createDirectory(
      atPath: place.folder + "/" + run, withIntermediateDirectories: true)
    try OutcomeCoding.document(manifest).write(to: place.file(run, RunFile.manifest))
    let lines = try outcomes.map { try OutcomeCoding.line($0) + Data("\n".utf8) }
    try Data(lines.joined()).write(to: place.file(run, RunFile.journal))
  }

  private func outcome(_ index: Int, solved: Bool) -> EpisodeOutcome {
    let identity = EpisodeIdentity(
      suite: "all12", task: "close_box", variation: 0, name: "seed_\(index)", index: index)
    return EpisodeOutcome(
      rolledOut: identity, method: "oracle", instruction: "close the box",
      seed: identity.seed(runSeed: 0), queries: [], successOnce: solved, successAtEnd: solved,
      failure: nil, actions: 1, simulatedSeconds: 1)
  }

  @Test("the exit code is the verdict: 1 regressed, 2 cannot tell, 0 otherwise")
  func exitCodes() throws {
    try withRuns(failing: 2) { place in
      let lost = try place.run(["compare", "base", "new"])
      #expect(lost.exitCode == 1 && lost.output.contains("close_box regressed: 100.0 % -> 50.0 %"))
      #expect(lost.messages.isEmpty)
      let gained = try place.run(["compare", "new", "base", "--format", "json"])
      #expect(gained.exitCode == 0)
      #expect(try report(gained).findings.map(\.verdict) == ["better"])
      let sequential = try place.run(["compare", "base", "new", "--sequential"])
      #expect(sequential.exitCode == 1 && sequential.output.contains("decided after "))
    }
    try withRuns(episodes: 10, failing: nil) { place in
      let few = try place.run(["compare", "base", "new"])
      #expect(few.exitCode == 2 && few.output.contains("more pairs would decide it"))
      try Data("cannot_tell: pass\n".utf8).write(to: place.file(".", "gate.yaml"))
      let passed = try place.run(["compare", "base", "new", "--gate", "gate.yaml"])
      #expect(passed.exitCode == 0)
    }
  }

  @Test("runs that are no pairs are bad data, with every difference on standard output")
  func refusesBrokenPairs() throws {
    try withRuns(failing: 2) { place in
      var lines = try place.timelessLines("new")
      lines[3].instruction = "open the box"
      lines[7].seed = 1
      lines.remove(at: 9)
      try write(lines, episodes: 40, to: "new", in: place)
      let result = try place.run([
        "compare", "base", "new", "--format", "json", "--junit", "gate.xml",
      ])
      #expect(result.exitCode == 65)
      #expect(result.messages.hasPrefix("mole: The runs did not see the same"))
      let report = try report(result)
      #expect(report.outcome == "not_paired" && report.findings.isEmpty)
      #expect(
        report.faults.map { "\($0.fact) \($0.episode ?? "")" } == [
          "instruction seed_3", "seed seed_7",
        ])
      let junit = try String(contentsOf: place.file(".", "gate.xml"), encoding: .utf8)
      #expect(junit.contains("errors=\"3\"") && junit.contains("seed_9"))
    }
  }

  @Test("a report goes to files and to a step's summary as well")
  func writesFiles() throws {
    try withRuns(failing: 2) { place in
      let result = try Program.run(
        ["compare", "base", "new", "--markdown", "gate.md", "--format", "junit"],
        in: place.folder, adding: ["GITHUB_STEP_SUMMARY": "summary.md"])
      #expect(result.exitCode == 1 && result.output.hasPrefix("<?xml"))
      let markdown = try String(contentsOf: place.file(".", "gate.md"), encoding: .utf8)
      let summary = try String(contentsOf: place.file(".", "summary.md"), encoding: .utf8)
      #expect(markdown.hasPrefix("### Regressed") && summary.contains(markdown))
    }
  }

  @Test("a gate is printed as it is read, and a wrong one is refused with its line")
  func gateFiles() throws {
    try withRuns(failing: 2) { place in
      let gate = try place.expectFine(["compare", "--print-gate"])
      try Data(gate.utf8).write(to: place.file(".", "gate.yaml"))
      #expect(try place.expectFine(["compare", "--print-gate", "--gate", "gate.yaml"]) == gate)
      try Data((gate + "speed: 3\n").utf8).write(to: place.file(".", "gate.yaml"))
      try place.expectRefusal(
        ["compare", "base", "new", "--gate", "gate.yaml"], exitCode: 64, containing: "'speed'",
        "an unknown key")
      try place.expectRefusal(
        ["compare", "base", "none"], exitCode: 66, containing: "no file 'run.json'", "a lost run")
      try place.expectRefusal(
        ["compare", "base"], exitCode: 64, containing: "two run directories", "one run")
    }
  }
}
