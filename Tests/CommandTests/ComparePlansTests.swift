import Foundation
import Testing

@Suite("mole compare --sequential on plans")
struct ComparePlansTests {
  private static let tasks = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Tasks").path

  private func plan(_ method: String) -> String {
    "mode: rollout\nsuite: all12\ntasks: [close_fridge]\nepisodes: 40\nseed: 5\nmethods: [\(method)]\n"
  }

  private func words(_ more: String...) -> [String] {
    [
      "compare", "--sequential", "--base-plan", "base.yaml", "--candidate-plan", "candidate.yaml",
      "--rounds", "10", "--out", "runs", "--base-method", "oracle", "--candidate-method", "home",
    ] + more
  }

  @Test(
    "a candidate that does nothing is found out before all rounds are run, and what ran stays",
    .timeLimit(.minutes(10)))
  func stops() throws {
    try withWorkplace { place in
      // Worlds are looked for beside the working folder.
      try FileManager.default.createSymbolicLink(
        atPath: place.folder + "/Tasks", withDestinationPath: Self.tasks)
      try Data(plan("oracle").utf8).write(to: place.url("base.yaml"))
      try Data(plan("home").utf8).write(to: place.url("candidate.yaml"))
      let result = try place.run(words("--format", "csv"))
      #expect(result.exitCode == 1, "\(result.messages)")
      #expect(result.output.contains("regressed"))
      let files = FileManager.default
      #expect(files.fileExists(atPath: place.folder + "/runs/candidate-1/summary.json") == false)
      #expect(files.fileExists(atPath: place.folder + "/runs/candidate-1/episodes.jsonl"))
      #expect(!files.fileExists(atPath: place.folder + "/runs/base-10"))
      let again = try place.run(words("--format", "csv"))
      #expect(again.exitCode == 1 && again.output == result.output)
    }
  }

  @Test("plans without one another, or without '--sequential', are refused")
  func refusals() throws {
    try withWorkplace { place in
      for words in [
        ["compare", "--sequential", "--base-plan", "a.yaml"],
        ["compare", "--base-plan", "a.yaml", "--candidate-plan", "b.yaml", "--out", "runs"],
      ] {
        let result = try place.run(words)
        #expect(result.exitCode == 64, "\(result.messages)")
      }
    }
  }
}
