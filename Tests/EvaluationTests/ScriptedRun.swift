import Evaluation
import Failures
import Foundation
import Outcomes

/// A run of scripted policies on episodes in memory.
struct ScriptedRun {
  var policies: [ScriptedPolicy] = [.random, .oracle(ListedEpisodes.twoTasks)]
  var sources = ListedEpisodes.twoTasks
  var checkpointFiles = [FileDigest(path: "config.json", bytes: 2, sha256: "ab")]
  var demonstrations = [FileDigest(path: "close_jar.hdf5", bytes: 3, sha256: "cd")]
  var plan: EvaluationPlan = {
    var plan = EvaluationPlan(
      demonstrations: ["close_jar.hdf5", "open_drawer.hdf5"], checkpoint: "policy",
      methods: ["random", "oracle"])
    plan.seed = 11
    return plan
  }()

  func prepared() throws -> PreparedRun {
    PreparedRun(
      run: try EvaluationRun(
        plan: plan, methods: policies.map { EvaluatedMethod(policy: $0) },
        tasks: sources.map { Replay($0, plan: plan) }),
      plan: plan, command: ["mole", "eval"],
      environment: RunEnvironment(
        commit: nil, uncommittedChanges: nil, compiler: "Swift", optimized: true, libraries: [:],
        processor: "any", processorCount: 2, threads: 1, operatingSystem: "Linux"),
      checkpointFiles: checkpointFiles, demonstrations: demonstrations)
  }

  @discardableResult
  func start(at path: String, watcher: RunWatcher = RunWatcher()) throws -> RunStatus {
    try RunSession.start(at: path, watcher: watcher, prepare: prepared)
  }

  @discardableResult
  func resume(at path: String, watcher: RunWatcher = RunWatcher()) throws -> RunStatus {
    try RunSession.resume(
      at: path, watcher: watcher, asked: { _ in plan }, prepare: { _ in try prepared() })
  }

  func shard(_ number: Int, of count: Int) -> ScriptedRun {
    var run = self
    run.plan.shard = Shard(number: number, of: count)
    return run
  }
}

/// Calls `body` with the path of a new folder and removes the folder afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("mole-tests-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

func journalData(_ run: String) throws -> Data {
  try Data(contentsOf: URL(fileURLWithPath: "\(run)/\(RunFile.journal)"))
}

func outcomes(_ run: String) throws -> [EpisodeOutcome] {
  try OutcomeCoding.completeLines(ofJournal: journalData(run)).map {
    try OutcomeCoding.outcome(line: $0)
  }
}

/// The journal's bytes as they would be if no time passed.
func timelessJournal(_ run: String) throws -> String {
  try outcomes(run).map {
    String(decoding: try OutcomeCoding.line($0.withoutTimings), as: UTF8.self) + "\n"
  }.joined()
}

/// The exit code that the command would end with.
func exitCode(of body: () throws -> RunStatus) -> Int32 {
  do {
    _ = try body()
    return 0
  } catch let error as any ExplainedError {
    return error.kind.rawValue
  } catch {
    return 1
  }
}
