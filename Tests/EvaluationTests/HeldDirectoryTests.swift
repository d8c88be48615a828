import Evaluation
import Failures
import Foundation
import Outcomes
import Testing

@Suite("The run directory")
struct HeldDirectoryTests {
  @Test("holds the manifest, the resolved plan and the journal")
  func contents() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      try run.start(at: folder + "/deep/run")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/deep/run")
      #expect(Set(files) == [".lock", "run.json", "plan.yaml", "episodes.jsonl"])
      let manifest = try HeldDirectory.manifest(at: folder + "/deep/run")
      #expect(manifest.plan == run.plan)
      #expect(manifest.methods.map(\.layerCount) == [4, 4])
      #expect(manifest.tasks.map(\.episodes) == [3, 2])
      #expect(try PlanText.read(path: folder + "/deep/run/plan.yaml") == run.plan)
    }
  }

  @Test("is used by one process at a time, and the error names the lock")
  func lock() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      let path = folder + "/run"
      var errors: [EvaluationError?] = []
      let watcher = RunWatcher(report: { _ in
        errors.append(#expect(throws: EvaluationError.self) { try run.resume(at: path) })
        errors.append(#expect(throws: EvaluationError.self) { try run.start(at: path) })
      })
      try run.start(at: path, watcher: watcher)
      let holder = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
      let expected = EvaluationError.directoryInUse(
        path: path + "/.lock", by: "process \(getpid()) on \(holder.dropLast())")
      #expect(errors.count == 20)
      #expect(errors.allSatisfy { $0 == expected })
      #expect(try outcomes(path).count == 10)
    }
  }

  @Test("another process is kept out, too")
  func lockAcrossProcesses() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mole-locked-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = try HeldDirectory.claim(folder)
    await #expect(processExitsWith: .exitCode(64)) { [folder = folder as String] in
      exit(exitCode { try ScriptedRun().start(at: folder) })
    }
    directory.abandon()
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("a folder with a run is refused, and the run is not touched")
  func holdsRun() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      try run.start(at: folder + "/run")
      let before = try journalData(folder + "/run")
      #expect(throws: EvaluationError.directoryHoldsRun(path: folder + "/run")) {
        try run.start(at: folder + "/run")
      }
      #expect(try journalData(folder + "/run") == before)
    }
  }

  @Test("a place that cannot be written gives 73, and nothing is left")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/file"))
      for path in ["/proc/no/such/run", folder + "/file/run", folder + "/file"] {
        let error = #expect(throws: EvaluationError.self) { try ScriptedRun().start(at: path) }
        #expect(error?.kind == .cannotWrite)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test("when the preparation fails, no folder is left")
  func failedPreparation() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      run.policies = [.random, .random]
      #expect(throws: EvaluationError.duplicateMethod("random")) {
        try run.start(at: folder + "/a/b/run")
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test("when the first episode fails, nothing is left; when a later one does, the run is")
  func failedEpisode() throws {
    struct Refusal: Error {}
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      let asked = QueryCount()
      func policy(failingAt count: Int) -> ScriptedPolicy {
        ScriptedPolicy(name: "refusing") {
          asked.add()
          guard asked.value < count else { throw Refusal() }
          return try ScriptedPolicy.random.answer($0)
        }
      }
      run.policies = [policy(failingAt: 4)]
      #expect(throws: Refusal.self) { try run.start(at: folder + "/run") }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
      run.policies = [policy(failingAt: 4 + 6)]
      #expect(throws: Refusal.self) { try run.start(at: folder + "/run") }
      #expect(try outcomes(folder + "/run").count == 1)
    }
  }

  @Test("a full disk gives 73 and leaves whole lines, with which the run goes on")
  func fullDisk() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mole-full-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .exitCode(73)) { [folder = folder as String] in
      signal(SIGXFSZ, SIG_IGN)
      // Files may grow to 6 kB: in the middle of a line, as on a disk that runs full.
      var limit = rlimit(rlim_cur: 6000, rlim_max: 6000)
      guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(1) }
      exit(exitCode { try ScriptedRun().start(at: folder + "/run") })
    }
    let journal = try journalData(folder + "/run")
    #expect(journal.last == UInt8(ascii: "\n"))
    #expect((1..<6000).contains(journal.count))
    let run = ScriptedRun()
    #expect(try run.resume(at: folder + "/run") == .complete)
    try run.start(at: folder + "/undisturbed")
    #expect(try timelessJournal(folder + "/run") == timelessJournal(folder + "/undisturbed"))
  }

  @Test("a file is replaced as a whole or not at all")
  func atomicFile() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/taken/inside", withIntermediateDirectories: true)
      #expect(throws: EvaluationError.self) {
        try WholeFile.write(Data("new".utf8), to: folder + "/taken")
      }
      try WholeFile.write(Data("old".utf8), to: folder + "/file")
      try WholeFile.write(Data("new".utf8), to: folder + "/file")
      #expect(FileManager.default.contents(atPath: folder + "/file") == Data("new".utf8))
      #expect(
        Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == ["file", "taken"])
    }
  }
}
