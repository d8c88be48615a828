import Evaluation
import Failures
import Foundation
import Outcomes
import Testing

@Suite("Resuming a run")
struct ResumeTests {
  @Test("a run torn at any byte of its last line goes on to the same bytes")
  func tornLine() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      run.sources = [ListedEpisodes(task: "close_jar", lengths: [1, 1, 1])]
      run.policies = [.random]
      let path = folder + "/run"
      try run.start(at: path)
      let expected = try timelessJournal(path)
      let whole = try journalData(path)
      let manifest = try Data(contentsOf: URL(fileURLWithPath: path + "/" + RunFile.manifest))
      let lines = OutcomeCoding.completeLines(ofJournal: whole)
      let lastStart = whole.count - (lines.last?.count ?? 0) - 1
      for length in lastStart..<whole.count {
        try whole.prefix(length).write(to: URL(fileURLWithPath: path + "/" + RunFile.journal))
        try unfinished(manifest).write(to: URL(fileURLWithPath: path + "/" + RunFile.manifest))
        #expect(try run.resume(at: path) == .complete)
        #expect(try timelessJournal(path) == expected)
        #expect(try journalData(path).prefix(lastStart) == whole.prefix(lastStart))
      }
    }
  }

  @Test("a process killed by SIGKILL in the middle is resumed to the same bytes")
  func killed() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mole-killed-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      var run = ScriptedRun()
      run.policies[0] = .killing(atQuery: 12)
      try run.start(at: folder + "/run")
    }
    // Two queries of warm-up and the eight of three episodes came before; the other method had
    // taken the same three.
    #expect(try outcomes(folder + "/run").count == 6)
    let run = ScriptedRun()
    #expect(throws: EvaluationError.directoryHoldsRun(path: folder + "/run")) {
      try run.start(at: folder + "/run")
    }
    #expect(try run.resume(at: folder + "/run") == .complete)
    try run.start(at: folder + "/undisturbed")
    #expect(try timelessJournal(folder + "/run") == timelessJournal(folder + "/undisturbed"))
    let manifest = try HeldDirectory.manifest(at: folder + "/run")
    #expect(manifest.status == .complete)
    #expect(manifest.finishedAt != nil)
  }

  @Test("a run that is asked to stop finishes its line and can be resumed")
  func stopped() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      let seen = QueryCount()
      let watcher = RunWatcher(shouldStop: { seen.value == 3 }, report: { _ in seen.add() })
      #expect(try run.start(at: folder + "/run", watcher: watcher) == .running)
      #expect(try outcomes(folder + "/run").count == 3)
      #expect(try HeldDirectory.manifest(at: folder + "/run").status == .running)
      var progress: [RunProgress] = []
      try run.resume(at: folder + "/run", watcher: RunWatcher(report: { progress.append($0) }))
      #expect(progress.map(\.completed) == Array(4...10))
      #expect(progress.allSatisfy { $0.resumedAt == 3 && $0.total == 10 })
      try run.start(at: folder + "/undisturbed")
      #expect(try timelessJournal(folder + "/run") == timelessJournal(folder + "/undisturbed"))
    }
  }

  @Test("a complete run has nothing to resume, and stays as it is")
  func alreadyComplete() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      try run.start(at: folder + "/run")
      let before = try journalData(folder + "/run")
      var notes: [String] = []
      try run.resume(at: folder + "/run", watcher: RunWatcher(notify: { notes.append($0) }))
      #expect(try journalData(folder + "/run") == before)
      #expect(notes.count == 1)
    }
  }

  @Test("changed inputs and methods are refused, and the change is named")
  func changedInputs() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/run"
      let run = ScriptedRun()
      try run.start(at: path, watcher: RunWatcher(shouldStop: { true }))
      var other = run
      other.checkpointFiles[0].sha256 = "00"
      #expect(throws: changed("the checkpoint's file 'config.json' has changed", path)) {
        try other.resume(at: path)
      }
      other = run
      other.demonstrations[0].bytes = 4
      #expect(throws: changed("the demonstration file 'close_jar.hdf5' has changed", path)) {
        try other.resume(at: path)
      }
      other = run
      other.policies.reverse()
      #expect(throws: changed("a method's parameters have changed", path)) {
        try other.resume(at: path)
      }
      other = run
      other.sources[0].episodes.removeLast()
      #expect(throws: changed("the tasks or their episodes have changed", path)) {
        try other.resume(at: path)
      }
      #expect(try run.resume(at: path) == .complete)
    }
  }

  @Test("another plan is refused, and its fields are named, even when the run is complete")
  func changedPlan() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      try run.start(at: folder + "/run")
      run.plan.seed = 12
      run.plan.shard = Shard(number: 1, of: 2)
      #expect(
        throws: EvaluationError.planDiffers(run: folder + "/run", fields: ["seed", "shard"])
      ) { try run.resume(at: folder + "/run") }
    }
  }

  @Test("a whole line that is damaged, or of another run, is refused with its number")
  func damaged() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/run"
      let run = ScriptedRun()
      try run.start(at: path, watcher: RunWatcher(shouldStop: { true }))
      let journal = URL(fileURLWithPath: path + "/" + RunFile.journal)
      try Data("{\"method\":1}\n".utf8).write(to: journal)
      #expect(
        throws: EvaluationError.damagedJournal(
          path: path + "/" + RunFile.journal, line: 1, problem: "it is no outcome of an episode")
      ) { try run.resume(at: path) }
      try run.start(at: folder + "/other")
      let lines = OutcomeCoding.completeLines(ofJournal: try journalData(folder + "/other"))
      try (lines[1] + Data("\n".utf8)).write(to: journal)
      let error = #expect(throws: EvaluationError.self) { try run.resume(at: path) }
      #expect(error?.kind == .badData)
      #expect(error?.description.contains("in line 1: expected 'random' on 'demo_0'") == true)
    }
  }

  @Test("what is no run is not resumed")
  func notARun() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      #expect(throws: EvaluationError.self) { try run.resume(at: folder) }
      try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/" + RunFile.manifest))
      let error = #expect(throws: EvaluationError.self) { try run.resume(at: folder) }
      #expect(error?.kind == .badData)
    }
  }

  private func changed(_ what: String, _ path: String) -> EvaluationError {
    .changedSinceStart(path: path, what: what)
  }

  /// The manifest as it stood while the run went on.
  private func unfinished(_ manifest: Data) throws -> Data {
    var copy = try OutcomeCoding.manifest(document: manifest)
    copy.status = .running
    copy.finishedAt = nil
    return try OutcomeCoding.document(copy)
  }
}
