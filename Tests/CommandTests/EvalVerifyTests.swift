import Foundation
import Outcomes
import Testing

@Suite("mole eval verify", .timeLimit(.minutes(10)))
struct EvalVerifyTests {
  private func verify(_ place: Workplace, _ more: String...) throws -> Program.Result {
    try place.run(
      ["eval", "verify", "run", "--format", "csv", "--tasks-dir", Workplace.tasks] + more)
  }

  /// Replaces text in a file of the run; it must be there.
  private func replace(
    _ old: String, by new: String, in name: String, of place: Workplace
  ) throws {
    let url = place.file("run", name)
    let text = try String(contentsOf: url, encoding: .utf8)
    let range = try #require(text.range(of: old), "\(old)")
    try Data(text.replacingCharacters(in: range, with: new).utf8).write(to: url)
  }

  @Test("repeats a network's episodes to the same digests; one that differs is named by its step")
  func network() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "run"]).exitCode == 0)
      let same = try verify(place)
      #expect(same.exitCode == 0, "\(same.messages)")
      #expect(same.output.split(whereSeparator: \.isNewline).count == 10)
      #expect(same.messages.contains("All 9 episodes are the same."))
      #expect(try place.timelessLines("run")[8].queries[1].digests?.pictures?.count == 16)

      // What is changed, and what is told of it; line 1 is of the dense method.
      let query = try #require(try place.timelessLines("run").first?.queries.first)
      let digests = try #require(query.digests)
      let pictures = try #require(digests.pictures)
      let original = try Data(contentsOf: place.file("run", RunFile.journal))
      for (old, new, what) in [
        (
          "\"\(digests.answer)\"", "\"0000000000000000\"",
          "1,dense,close_jar,demo_0,2,different,0,answer"
        ),
        (
          "\"\(pictures)\"", "\"0000000000000000\"",
          "1,dense,close_jar,demo_0,2,different,0,pictures"
        ),
        ("\"layers\":[1", "\"layers\":[0.5", "1,dense,close_jar,demo_0,2,different,0,layers"),
        ("\"close jar 0\"", "\"close jar 7\"", "1,dense,close_jar,demo_0,2,different,,instruction"),
      ] {
        try replace(old, by: new, in: RunFile.journal, of: place)
        let other = try verify(place)
        #expect(other.exitCode == 1, "\(what): \(other.messages)")
        #expect(other.output.contains(what), "\(other.output)")
        #expect(other.messages.contains("1 of 9 episodes differ."))
        try original.write(to: place.file("run", RunFile.journal))
      }
    }
  }

  @Test("a rollout's worlds show the same again, and a draw is smaller and repeatable")
  func rollout() throws {
    try withWorkplace { place in
      try place.expectFine(Workplace.rollout + ["--out", "run"])
      let result = try verify(place, "--sample", "3", "--seed", "1")
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output.split(whereSeparator: \.isNewline).count == 4)
      #expect(try verify(place, "--sample", "3", "--seed", "1").output == result.output)
      #expect(try verify(place, "--sample", "3", "--seed", "2").output != result.output)
      try place.expectRefusal(
        ["eval", "verify", "run", "--sample", "0"], exitCode: 64, containing: "--sample", "none")
    }
  }

  @Test("what is older, or ran elsewhere, is still compared; changed inputs are refused")
  func elsewhere() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "run", "--methods", "dense"]).exitCode == 0)
      var lines = try place.timelessLines("run")
      for line in lines.indices {
        for step in lines[line].queries.indices { lines[line].queries[step].digests = nil }
      }
      func writeJournal() throws {
        let text = try lines.map { try OutcomeCoding.line($0) + Data("\n".utf8) }
        try Data(text.joined()).write(to: place.file("run", RunFile.journal))
      }
      try writeJournal()
      let older = try verify(place)
      #expect(older.exitCode == 0 && older.messages.contains("older than the digests"))

      try replace(
        "\"processor_count\" : ", by: "\"processor_count\" : 9", in: "run.json", of: place)
      let elsewhere = try verify(place)
      #expect(elsewhere.exitCode == 0, "\(elsewhere.messages)")
      #expect(elsewhere.messages.contains("ran elsewhere: its number of processors is not"))
      lines[1].queries[1].predictedAction[0] = 9
      try writeJournal()
      let unclear = try verify(place)
      #expect(unclear.exitCode == 2, "\(unclear.messages)")
      #expect(unclear.output.contains("2,dense,close_jar,demo_1,2,different,1,answer"))

      let all = lines
      lines = []
      try writeJournal()
      #expect(try verify(place).exitCode == 2)

      lines = all
      try writeJournal()
      try place.writeDemonstrations(seed: 2)
      let changed = try verify(place)
      #expect(changed.exitCode == 65)
      #expect(changed.messages.contains("'close_jar.hdf5' has changed"), "\(changed.messages)")
    }
  }
}
