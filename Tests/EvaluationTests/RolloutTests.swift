import Evaluation
import Foundation
import Manipulation
import Outcomes
import Synchronization
import Testing

@Suite("Rollout")
struct RolloutTests {
  @Test("the oracle solves what can be solved, and who goes home solves nothing")
  func scripted() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.policies = ScriptedMethod.allCases.map(\.policy)
      #expect(try run.start(at: folder + "/run") == .complete)
      let outcomes = try outcomes(folder + "/run")
      #expect(
        outcomes.map(\.method) == Array(repeating: ["oracle", "home"], count: 6).flatMap(\.self))
      for outcome in outcomes {
        let isOracle = outcome.method == "oracle"
        #expect(outcome.mode == .rollout)
        #expect(outcome.successOnce == isOracle && outcome.successAtEnd == isOracle)
        #expect(outcome.failure == nil)
        // Home is not within the room of the point, so that its budget is used up.
        #expect(outcome.actions == outcome.queries.count)
        #expect(isOracle ? (1...2).contains(outcome.actions ?? 0) : outcome.actions == 5)
        #expect(outcome.simulatedSeconds == 0.25 * Double(outcome.actions ?? 0))
        #expect(outcome.keyframeMatchRate == nil && outcome.openLoop == nil)
      }
    }
  }

  @Test("episodes are told by their seed, variations come in turn, and all methods start alike")
  func starts() throws {
    let starts = Mutex<Set<UInt64>>([])
    let run = PointRun()
    let rollout = try Rollout(plan: run.plan) {
      let world = PointWorld()
      world.started = { seed, _ in starts.withLock { _ = $0.insert(seed) } }
      return world
    }
    let whole = try EvaluationRun(
      plan: run.plan, methods: run.policies.map { EvaluatedMethod(policy: $0) }, tasks: [rollout])
    try withTemporaryFolder { folder in
      let path = folder + "/" + RunFile.journal
      #expect(try whole.run(appendingTo: Journal(opening: path)) == .complete)
      let lines = try outcomes(folder)
      for (line, other) in zip(lines, lines.dropFirst()) where line.method == "oracle" {
        #expect(line.episode == other.episode && line.instruction == other.instruction)
      }
      #expect(lines.map(\.episode.variation) == [0, 0, 1, 1, 0, 0])
      #expect(lines.allSatisfy { $0.episode.name == "seed_\($0.seed)" })
      #expect(lines.allSatisfy { $0.seed == $0.episode.seed(runSeed: 11) })
      #expect(Set(lines.map(\.seed)).count == 3)
      #expect(Set(lines.map(\.instruction)) == ["reach target 0", "reach target 1"])
      #expect(starts.withLock { $0 } == Set(lines.map(\.seed)))
    }
  }

  @Test("a query says whether the gripper was open in what it showed", arguments: [1, 3])
  func gripper(batch: Int) throws {
    // Closes at its second step, opens at its fourth.
    let policy = ScriptedPolicy(name: "closing") { query in
      [Action(translation: .zero, eulerAngles: .zero, gripper: [1, 0, 0.2, 0.9, 1][query.step])]
    }
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.policies = [policy]
      run.plan.batch = batch
      try run.start(at: folder + "/run")
      for outcome in try outcomes(folder + "/run") {
        #expect(outcome.queries.map(\.gripperOpen) == [true, true, false, false, true])
      }
    }
  }

  @Test("a policy sees what its actions lead to")
  func closedLoop() throws {
    // Knows only what it sees: goes a tenth of a metre further until it is at 0.3.
    let policy = ScriptedPolicy(name: "seeing") { query in
      let x = query.observation.gripperPose?.position.x ?? .nan
      return [Action(translation: [x < 0.25 ? 0.1 : 0, 0, 0], eulerAngles: .zero, gripper: 1)]
    }
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.policies = [policy]
      run.plan.episodes = 1
      try run.start(at: folder + "/run")
      let moves = try outcomes(folder + "/run")[0].queries.map { $0.predictedAction[0] }
      #expect(moves == [0.1, 0.1, 0.1, 0, 0])
    }
  }

  @Test("what ends an episode early is told by its kind")
  func failures() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.tasks = ["reach"]
      run.plan.episodes = 1
      func going(_ name: String, _ translation: SIMD3<Double>) -> ScriptedPolicy {
        .repeating(
          Action(translation: translation, eulerAngles: .zero, gripper: 1), name: name)
      }
      run.policies = [
        going("down", [0, 0, -0.4]), going("out", [3, 0, 0]), going("nowhere", [.nan, 0, 0]),
        ScriptedPolicy(name: "silent") { _ in [] }, going("staying", .zero),
      ]
      try run.start(at: folder + "/run")
      let outcomes = try outcomes(folder + "/run")
      #expect(
        outcomes.map(\.failure) == [
          .unreachableTarget, .targetOutsideWorkspace, .invalidAction, .invalidAction, nil,
        ])
      #expect(outcomes.map(\.actions) == [1, 1, 0, 0, 5])
      #expect(outcomes.map(\.queries.count) == [1, 1, 1, 1, 5])
      #expect(
        outcomes.map { $0.queries[0].failure } == [nil, nil, .invalidAction, .invalidAction, nil])
      #expect(outcomes.allSatisfy { $0.successOnce == false && $0.successAtEnd == false })
    }
  }

  @Test("the plan sets the budget and how many actions of an answer are carried out")
  func budgetAndChunks() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      let still = Action(translation: .zero, eulerAngles: .zero, gripper: 1)
      run.policies = [ScriptedPolicy(name: "chunks") { _ in [still, still, still] }]
      run.plan.budget = 7
      run.plan.execute = 2
      try run.start(at: folder + "/run")
      let outcomes = try outcomes(folder + "/run")
      #expect(outcomes.allSatisfy { $0.actions == 7 && $0.queries.count == 4 })
      #expect(outcomes[0].queries.map(\.step) == [0, 1, 2, 3])
      let manifest = try HeldDirectory.manifest(at: folder + "/run")
      #expect(manifest.tasks.map(\.budget) == [7, 7])
      #expect(manifest.taskFiles?.count == 1)
    }
  }

  @Test("only who wants advice is given any")
  func advice() throws {
    let policy = ScriptedPolicy(name: "curious") { query in
      #expect(query.advice == nil)
      return []
    }
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.policies = [policy]
      try run.start(at: folder + "/run")
    }
  }

  @Test("the same run again, and one that was interrupted anywhere, give the same lines")
  func determinism() throws {
    try withTemporaryFolder { folder in
      let run = PointRun()
      try run.start(at: folder + "/whole")
      try run.start(at: folder + "/again")
      let whole = try timelessJournal(folder + "/whole")
      #expect(try timelessJournal(folder + "/again") == whole)
      for count in 1..<12 {
        let path = folder + "/stopped\(count)"
        let seen = QueryCount()
        let watcher = RunWatcher(shouldStop: { seen.value == count }, report: { _ in seen.add() })
        #expect(try run.start(at: path, watcher: watcher) == .running)
        #expect(try run.resume(at: path) == .complete)
        #expect(try timelessJournal(path) == whole)
      }
      var other = run
      other.plan.seed = 12
      try other.start(at: folder + "/other")
      #expect(try timelessJournal(folder + "/other") != whole)
    }
  }

  @Test("merged shards give the lines of the whole run")
  func shards() throws {
    try withTemporaryFolder { folder in
      let run = PointRun()
      try run.start(at: folder + "/whole")
      for number in 1...2 {
        var shard = run
        shard.plan.shard = Shard(number: number, of: 2)
        try shard.start(at: "\(folder)/\(number)")
      }
      try ShardMerge(directories: [folder + "/2", folder + "/1"])
        .write(to: folder + "/merged", command: [])
      #expect(try timelessJournal(folder + "/merged") == timelessJournal(folder + "/whole"))
    }
  }

  @Test("another definition of a task is not resumed, and a shard without episodes is refused")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let run = PointRun()
      try run.start(at: folder + "/run", watcher: RunWatcher(shouldStop: { true }))
      #expect(
        throws: EvaluationError.changedSinceStart(
          path: folder + "/run", what: "the task file 'task.yaml' has changed")
      ) {
        try RunSession.resume(at: folder + "/run") { _ in
          var other = try run.prepared()
          other.manifest.taskFiles?[0].sha256 = "00"
          return other
        }
      }
      var shard = run
      shard.plan.shard = Shard(number: 9, of: 9)
      #expect(throws: EvaluationError.noEpisodes(tasks: ["reach", "touch"], shard: "9/9")) {
        try shard.start(at: folder + "/shard")
      }
    }
  }
}
