import Demonstrations
import Evaluation
import Foundation
import Manipulation
import Outcomes
import Synchronization
import Testing

@Suite("Several questions at once")
struct BatchTests {
  @Test("a replay's lines do not depend on the batch", arguments: [2, 3, 8, 64])
  func replay(batch: Int) throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      try run.start(at: folder + "/one")
      run.plan.batch = batch
      try run.start(at: folder + "/many")
      #expect(try timelessJournal(folder + "/many") == timelessJournal(folder + "/one"))
    }
  }

  @Test("a rollout's lines do not depend on the batch", arguments: [2, 3, 8, 64])
  func rollout(batch: Int) throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.policies = [
        ScriptedPolicy.various, ScriptedMethod.oracle.policy, ScriptedPolicy.random,
      ]
      run.plan.episodes = 11
      for execute in [1, 2] {
        run.plan.execute = execute
        run.plan.batch = 1
        try run.start(at: folder + "/one\(execute)")
        run.plan.batch = batch
        try run.start(at: folder + "/many\(execute)")
        let expected = try timelessJournal(folder + "/one\(execute)")
        #expect(try timelessJournal(folder + "/many\(execute)") == expected)
        let failures = try Set(outcomes(folder + "/one\(execute)").map(\.failure))
        #expect(failures.count >= 3)
      }
    }
  }

  @Test("a policy that answers in batches is asked in full ones, and each line says how many")
  func sizes() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      let policy = BatchingPolicy(scripted: .various)
      run.policies = [policy]
      run.tasks = ["reach"]
      run.plan.warmup = 0
      run.plan.episodes = 16
      try run.start(at: folder + "/one")
      #expect(policy.calls.all.allSatisfy { $0 == 1 })
      let questions = policy.calls.all.count
      let alone = try journalData(folder + "/one")
      #expect(alone.range(of: Data("\"batch\"".utf8)) == nil)
      run.plan.batch = 4
      try run.start(at: folder + "/four")
      let calls = policy.calls.all.dropFirst(questions)
      #expect(calls.reduce(0, +) == questions)
      // Full to the last: episodes that ended make room for the next.
      #expect(calls.prefix { $0 == 4 }.count >= calls.count - 4)
      #expect(try timelessJournal(folder + "/four") == timelessJournal(folder + "/one"))
      let batches = try outcomes(folder + "/four").flatMap(\.queries).map { $0.timing?.batch ?? 1 }
      for size in 1...4 {
        #expect(batches.count { $0 == size } == size * calls.count { $0 == size })
      }
    }
  }

  @Test("key frames of several episodes are asked together")
  func joined() throws {
    try withTemporaryFolder { folder in
      let policy = BatchingPolicy(scripted: .random)
      var run = ScriptedRun()
      run.plan.batch = 4
      run.plan.warmup = 1
      let evaluation = try EvaluationRun(
        plan: run.plan, methods: [EvaluatedMethod(policy: policy)],
        tasks: run.sources.map { Replay($0, plan: run.plan) })
      _ = try evaluation.run(appendingTo: Journal(opening: folder + "/" + RunFile.journal))
      // One call of warm-up; then 3 + 1 + 4 key frames of a task, and 2 + 5 of the other.
      #expect(policy.calls.all == [4, 4, 4, 4, 3])
    }
  }

  @Test("a question that cannot be answered ends the run after the lines before it")
  func failure() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.plan.episodes = 7
      run.policies = [ScriptedMethod.oracle.policy, ScriptedPolicy.random]
      try run.start(at: folder + "/whole")
      let whole = try outcomes(folder + "/whole")
      // The third question of an episode in the middle of the first task.
      let line = try #require(
        whole.firstIndex { $0.method == "random" && $0.episode.index >= 3 && $0.queries.count >= 3 }
      )
      let seed = SeededGenerator.derive(whole[line].seed, ["query", "2"])
      run.policies[1] = ScriptedPolicy.failing(atSeed: seed)
      for batch in [1, 3, 8] {
        run.plan.batch = batch
        let path = folder + "/\(batch)"
        #expect(throws: Unanswerable(step: 2)) { try run.start(at: path) }
        #expect(try outcomes(path).count == line)
        var healed = run
        healed.policies[1] = ScriptedPolicy.random
        #expect(try healed.resume(at: path) == .complete)
        #expect(try timelessJournal(path) == timelessJournal(folder + "/whole"))
      }
    }
  }

  @Test("a recording that demonstrates nothing ends the run at its line", arguments: [1, 3, 8])
  func invalidDemonstration(batch: Int) throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      run.plan.batch = batch
      run.sources[0].episodes[2].keyframes[1].action.gripper = .nan
      #expect(
        throws: EvaluationError.invalidDemonstration(
          episode: "demo_2", task: "close_jar", frame: 7)
      ) { try run.start(at: folder + "/run") }
      let written = try outcomes(folder + "/run")
      #expect(written.count == 4)
    }
  }

  @Test("a batched run that was stopped anywhere goes on to the same lines")
  func stopped() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.plan.episodes = 5
      try run.start(at: folder + "/whole")
      let whole = try timelessJournal(folder + "/whole")
      run.plan.batch = 2
      for count in 1..<20 {
        let path = folder + "/stopped\(count)"
        let seen = QueryCount()
        let watcher = RunWatcher(shouldStop: { seen.value >= count }, report: { _ in seen.add() })
        // What is begun is written: near its end the run completes.
        let status = try run.start(at: path, watcher: watcher)
        #expect(status == (try outcomes(path).count < 20 ? .running : .complete))
        #expect(count > 10 || status == .running)
        #expect(try outcomes(path).count >= count)
        #expect(try whole.hasPrefix(timelessJournal(path)))
        #expect(try run.resume(at: path) == .complete)
        #expect(try timelessJournal(path) == whole)
      }
    }
  }

  @Test("a process killed in the middle of a batch is resumed to the same bytes")
  func killed() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mole-killed-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      var run = PointRun()
      run.plan.episodes = 9
      run.plan.batch = 3
      run.policies = [ScriptedPolicy.killing(atQuery: 45)]
      try run.start(at: folder + "/run")
    }
    var run = PointRun()
    run.policies = [ScriptedPolicy.random]
    run.plan.episodes = 9
    run.plan.batch = 3
    #expect(try (1..<18).contains(outcomes(folder + "/run").count))
    #expect(try run.resume(at: folder + "/run") == .complete)
    run.plan.batch = 1
    try run.start(at: folder + "/undisturbed")
    #expect(try timelessJournal(folder + "/run") == timelessJournal(folder + "/undisturbed"))
  }

  @Test("whatever the numbers, every method takes every episode once and in order")
  func everyEpisodeOnce() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<25 {
      try withTemporaryFolder { folder in
        var run = PointRun()
        run.plan.episodes = 1 + Int.random(in: 0..<13, using: &generator)
        run.plan.batch = 1 + Int.random(in: 0..<9, using: &generator)
        run.plan.warmup = Int.random(in: 0..<2, using: &generator)
        run.policies = Array(
          [ScriptedPolicy.various, .random, .repeating(Action(vector: [0, 0, 0, 0, 0, 0, 1]))]
            .prefix(1 + Int.random(in: 0..<3, using: &generator)))
        let shard = 1 + Int.random(in: 0..<2, using: &generator)
        run.plan.shard = Shard(number: shard, of: 2)
        guard run.plan.episodes ?? 0 > 1 else { return }
        try run.start(at: folder + "/run")
        let found = try outcomes(folder + "/run").map {
          "\($0.episode.task) \($0.episode.index) \($0.method)"
        }
        let episodes = run.tasks.flatMap { task in
          (0..<(run.plan.episodes ?? 0)).map { (task, $0) }
        }
        let expected = episodes.enumerated().filter { $0.offset % 2 == shard - 1 }
          .flatMap { entry in
            run.policies.map { "\(entry.element.0) \(entry.element.1) \($0.name)" }
          }
        #expect(found == expected)
      }
    }
  }

  @Test("no more worlds are open than the batch has questions, each in a thread of its own")
  func worlds() throws {
    try withTemporaryFolder { folder in
      let threads = Mutex<[Set<UInt>]>([])
      var plan = PointRun().plan
      plan.episodes = 20
      plan.batch = 3
      let rollout = try Rollout(plan: plan) {
        let world = PointWorld()
        let number = threads.withLock { worlds in
          worlds.append([])
          return worlds.count - 1
        }
        world.started = { _, _ in threads.withLock { _ = $0[number].insert(pthread_self()) } }
        return world
      }
      let run = try EvaluationRun(
        plan: plan, methods: [EvaluatedMethod(policy: ScriptedPolicy.various)], tasks: [rollout])
      #expect(
        try run.run(appendingTo: Journal(opening: folder + "/" + RunFile.journal)) == .complete)
      // The first tells the task's budget and starts nothing.
      let started = threads.withLock { $0 }
      #expect(started.map(\.count) == [0, 1, 1, 1])
      #expect(Set(started.flatMap(\.self)).count == 3)
    }
  }

  @Test("a world that cannot be made, or breaks, ends the run at its line")
  func brokenWorld() throws {
    try withTemporaryFolder { folder in
      let made = QueryCount()
      var plan = PointRun().plan
      plan.episodes = 8
      plan.batch = 4
      let rollout = try Rollout(plan: plan) {
        made.add()
        // The one that tells the budget, and two that are opened.
        guard made.value <= 3 else { throw Unanswerable(step: -1) }
        return PointWorld()
      }
      let run = try EvaluationRun(
        plan: plan, methods: [EvaluatedMethod(policy: ScriptedPolicy.random)], tasks: [rollout])
      let journal = try Journal(opening: folder + "/" + RunFile.journal)
      #expect(throws: Unanswerable(step: -1)) { try run.run(appendingTo: journal) }
      #expect(try outcomes(folder).count < 4)
    }
  }

  @Test("what is kept of a rollout does not depend on the batch")
  func keepers() throws {
    try withTemporaryFolder { folder in
      func files(batch: Int) throws -> [String: Data] {
        var run = PointRun()
        run.plan.batch = batch
        run.plan.episodes = 6
        run.policies = [ScriptedPolicy.random, ScriptedMethod.oracle.policy]
        let kept = "\(folder)/kept\(batch)"
        run.keepers = [
          PictureKeeper(.strip, folder: kept + "/strips"),
          PictureKeeper(.animation, folder: kept + "/moving"),
          DemonstrationKeeper(folder: kept + "/record"),
        ]
        try run.start(at: "\(folder)/run\(batch)")
        return try FileManager.default.subpathsOfDirectory(atPath: kept).reduce(into: [:]) {
          $0[$1] = FileManager.default.contents(atPath: kept + "/" + $1)
        }
      }
      let one = try files(batch: 1)
      let four = try files(batch: 4)
      #expect(one.keys.sorted() == four.keys.sorted() && one.count > 50)
      for (name, data) in one where !name.hasSuffix(".hdf5") { #expect(four[name] == data) }
      let recorded = try [1, 4].map { batch in
        let url = URL(fileURLWithPath: "\(folder)/kept\(batch)/record/random/reach.hdf5")
        let file = try DemonstrationFile(opening: url)
        return try (0..<file.episodeCount).map { try file.recordedStart(of: $0)?.seed }
      }
      #expect(recorded[0] == recorded[1] && recorded[0].count == 6)
    }
  }
}
