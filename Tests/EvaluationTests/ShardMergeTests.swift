import Evaluation
import Failures
import Foundation
import Outcomes
import Testing

@Suite("Shards")
struct ShardMergeTests {
  @Test("merged shards equal the undivided run, whatever their number and order", arguments: 1...5)
  func merged(count: Int) throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      try run.start(at: folder + "/whole")
      let shards = try startShards(of: run, count: count, in: folder)
      try merge(shards.reversed(), to: folder + "/merged")
      #expect(try timelessJournal(folder + "/merged") == timelessJournal(folder + "/whole"))
      let (merged, whole) = (
        try HeldDirectory.manifest(at: folder + "/merged"),
        try HeldDirectory.manifest(at: folder + "/whole")
      )
      #expect(merged.plan == whole.plan)
      #expect(merged.tasks == whole.tasks)
      #expect(merged.status == .complete)
      #expect(merged.mergedFrom?.map(\.shard.number) == Array(1...count))
    }
  }

  @Test("merging again changes nothing; merging over another run is refused")
  func again() throws {
    try withTemporaryFolder { folder in
      let shards = try startShards(of: ScriptedRun(), count: 2, in: folder)
      try merge(shards, to: folder + "/merged")
      let manifest = folder + "/merged/" + RunFile.manifest
      let before = FileManager.default.contents(atPath: manifest)
      let journal = try journalData(folder + "/merged")
      try merge(shards, to: folder + "/merged")
      #expect(try journalData(folder + "/merged") == journal)
      #expect(FileManager.default.contents(atPath: manifest) == before)
      try ScriptedRun().start(at: folder + "/other")
      #expect(throws: EvaluationError.directoryHoldsRun(path: folder + "/other")) {
        try merge(shards, to: folder + "/other")
      }
    }
  }

  @Test("a missing shard, a double one and a whole run are refused")
  func wrongSet() throws {
    try withTemporaryFolder { folder in
      let shards = try startShards(of: ScriptedRun(), count: 3, in: folder)
      #expect(try problem(merging: [shards[0], shards[2]]).contains("the shards 2 of 3"))
      #expect(try problem(merging: shards + [shards[1]]).contains("shard 2/3 is also in"))
      try ScriptedRun().start(at: folder + "/whole")
      #expect(try problem(merging: shards + [folder + "/whole"]).contains("a whole run"))
    }
  }

  @Test("shards of different plans, inputs or methods are refused")
  func strangers() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      try run.shard(1, of: 2).start(at: folder + "/1")
      func problem(_ change: (inout ScriptedRun) -> Void) throws -> String {
        var other = run.shard(2, of: 2)
        change(&other)
        let path = folder + "/" + UUID().uuidString
        try other.start(at: path)
        return try self.problem(merging: [folder + "/1", path])
      }
      #expect(try problem { $0.plan.seed = 5 }.contains("its plan is another"))
      #expect(try problem { $0.plan.shard = Shard(number: 2, of: 3) }.contains("one of 3 shards"))
      #expect(try problem { $0.checkpointFiles[0].sha256 = "0" }.contains("its checkpoint"))
      #expect(try problem { $0.demonstrations = [] }.contains("a demonstration file"))
      #expect(try problem { $0.policies.reverse() }.contains("its methods or tasks"))
    }
  }

  @Test("an unfinished shard and a cut journal are refused")
  func unfinished() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      try run.shard(1, of: 2).start(at: folder + "/1")
      try run.shard(2, of: 2).start(at: folder + "/2", watcher: RunWatcher(shouldStop: { true }))
      let both = [folder + "/1", folder + "/2"]
      #expect(try problem(merging: both).contains("it is not complete"))
      try run.shard(2, of: 2).resume(at: folder + "/2")
      try merge(both, to: folder + "/merged")
      let journal = try journalData(folder + "/2")
      try journal.dropLast().write(to: URL(fileURLWithPath: folder + "/2/" + RunFile.journal))
      #expect(try problem(merging: both).contains("it ends there"))
      let lines = OutcomeCoding.completeLines(ofJournal: journal)
      let doubled = Data([lines[0], lines[0]].joined(separator: Data("\n".utf8)))
      let rest = Data(lines.dropFirst(2).joined(separator: Data("\n".utf8)))
      try (doubled + Data("\n".utf8) + rest + Data("\n".utf8))
        .write(to: URL(fileURLWithPath: folder + "/2/" + RunFile.journal))
      #expect(try !problem(merging: both).isEmpty)
    }
  }

  @Test(
    "a manifest that lies about sizes is refused before anything is laid out",
    arguments: [
      ("\"episodes\" : 3", "\"episodes\" : -3"),
      ("\"episodes\" : 3", "\"episodes\" : 9223372036854775807"),
      ("\"shard\" : \"1/1\"", "\"shard\" : \"1/9223372036854775807\""),
    ])
  func lyingManifest(truth: String, lie: String) throws {
    try withTemporaryFolder { folder in
      let shards = try startShards(of: ScriptedRun(), count: 1, in: folder)
      let file = URL(fileURLWithPath: shards[0] + "/" + RunFile.manifest)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(truth))
      try Data(text.replacing(truth, with: lie).utf8).write(to: file)
      #expect(try problem(merging: shards).contains("impossibly many"))
    }
  }

  private func startShards(
    of run: ScriptedRun, count: Int, in folder: String
  ) throws -> [String] {
    try (1...count).map { number in
      let path = "\(folder)/shard-\(number)"
      try run.shard(number, of: count).start(at: path)
      return path
    }
  }

  private func merge(_ directories: [String], to path: String) throws {
    try ShardMerge(directories: directories)
      .write(to: path, command: ["mole", "eval", "merge"])
  }

  private func problem(merging directories: [String]) throws -> String {
    let error = try #require(
      #expect(throws: EvaluationError.self) { try ShardMerge(directories: directories) })
    #expect(error.kind == .badData)
    return error.description
  }
}
