import Evaluation
import Foundation
import Manipulation
import Outcomes
import Testing

@Suite("Replay")
struct ReplayTests {
  @Test("an oracle matches every key frame without error")
  func oracle() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      run.policies = [.oracle(run.sources)]
      run.plan.positionTolerance = 0
      run.plan.rotationTolerance = 0
      #expect(try run.start(at: folder + "/run") == .complete)
      let outcomes = try outcomes(folder + "/run")
      #expect(outcomes.map(\.keyframeMatchRate) == [1, 1, 1, 1, 1])
      for query in outcomes.flatMap(\.queries) {
        #expect(query.positionError == 0)
        #expect(query.rotationError == 0)
        #expect(query.gripperAgreement == true)
        #expect(query.predictedAction == query.demonstratedAction)
      }
    }
  }

  @Test("a query says whether the gripper was open in what was shown, where that is known")
  func gripper() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      let openings = [1, 0.2, nil, .nan]
      for (step, opening) in openings.enumerated() {
        run.sources[0].episodes[2].keyframes[step].observation.gripperOpen = opening
      }
      run.policies = [.random]
      try run.start(at: folder + "/run")
      let found = try outcomes(folder + "/run")
      #expect(found[2].queries.map(\.gripperOpen) == [true, false, nil, nil])
      #expect(found[0].queries.allSatisfy { $0.gripperOpen == nil })
    }
  }

  @Test("a fixed answer is measured against each demonstrated action")
  func fixedAnswer() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      let answer = Action(translation: [0.5, 0, 0], eulerAngles: .zero, gripper: 1)
      run.policies = [.repeating(answer)]
      try run.start(at: folder + "/run")
      let found = try outcomes(folder + "/run").flatMap(\.queries)
      let demonstrated = run.sources.flatMap(\.episodes).flatMap(\.keyframes)
      #expect(found.count == demonstrated.count)
      for (query, keyframe) in zip(found, demonstrated) {
        let offset = answer.translation - keyframe.action.translation
        let distance = (offset * offset).sum().squareRoot()
        #expect(try abs(#require(query.positionError) - distance) < 1e-12)
        #expect(query.frameIndex == keyframe.frameIndex)
        #expect(query.gripperAgreement == (keyframe.action.gripper > 0.5))
        #expect(query.keyframeMatch == false)
      }
    }
  }

  @Test("a line tells method, episode, seed, layers, compute and times")
  func lineContents() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      try run.start(at: folder + "/run")
      let lines = try outcomes(folder + "/run")
      #expect(
        lines.map(\.method) == (0..<5).flatMap { _ in ["random", "oracle"] })
      #expect(
        lines.map(\.episode.name)
          == ["demo_0", "demo_1", "demo_2", "demo_0", "demo_1"].flatMap {
            [$0, $0]
          })
      let line = try #require(lines.dropFirst(4).first)
      #expect(line.seed == line.episode.seed(runSeed: 11))
      #expect(line.instruction == "close_jar 2")
      #expect(line.queries.map(\.step) == [0, 1, 2, 3])
      #expect(line.queries[3].layers.shares == [1, 0, 0, 1])
      #expect(line.queries[3].compute.executed.languageModel == 400)
      #expect(line.queries[3].timing?.seconds.count == 2)
      #expect(line.withoutTimings.queries.allSatisfy { $0.timing == nil })
      let text = String(decoding: try OutcomeCoding.line(line), as: UTF8.self)
      #expect(!text.contains("success"))
    }
  }

  @Test("no answer, or one that is not finite, is an invalid action and no crash")
  func invalidAction() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      run.policies = [
        .repeating(Action(vector: [.nan, 0, .infinity, 0, 0, 0, 1])),
        ScriptedPolicy(name: "silent") { _ in [] },
        .repeating(
          Action(translation: [1e300, 0, 0], eulerAngles: .zero, gripper: 1), name: "far"),
      ]
      try run.start(at: folder + "/run")
      let outcomes = try outcomes(folder + "/run")
      #expect(outcomes.count == 15)
      #expect(outcomes.allSatisfy { $0.keyframeMatchRate == 0 })
      let queries = outcomes.flatMap(\.queries)
      #expect(queries.allSatisfy { $0.failure == .invalidAction && $0.positionError == nil })
      #expect(queries[0].predictedAction == [nil, 0, nil, 0, 0, 0, 1])
      #expect(outcomes[1].queries[0].predictedAction.isEmpty)
    }
  }

  @Test("the same seed gives the same bytes, another seed others")
  func determinism() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      try run.start(at: folder + "/a")
      try run.start(at: folder + "/b")
      run.plan.seed = 12
      try run.start(at: folder + "/c")
      #expect(try timelessJournal(folder + "/a") == timelessJournal(folder + "/b"))
      #expect(try timelessJournal(folder + "/a") != timelessJournal(folder + "/c"))
    }
  }

  @Test("the order of the methods and of the files changes no line")
  func orderIndependence() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      try run.start(at: folder + "/a")
      run.policies.reverse()
      run.sources.reverse()
      try run.start(at: folder + "/b")
      let lines = try timelessJournal(folder + "/a").split(separator: "\n").sorted()
      #expect(try timelessJournal(folder + "/b").split(separator: "\n").sorted() == lines)
      #expect(lines.count == 10)
    }
  }

  @Test("warm-up queries are asked for each method, and not recorded", arguments: [0, 1, 5])
  func warmUp(count: Int) throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      run.plan.warmup = count
      let asked = QueryCount()
      run.policies = ["a", "b"].map { name in
        ScriptedPolicy(name: name) {
          asked.add()
          return try ScriptedPolicy.random.answer($0)
        }
      }
      try run.start(at: folder + "/run")
      let recorded = try outcomes(folder + "/run").flatMap(\.queries).count
      #expect(recorded == 2 * 15)
      #expect(asked.value == recorded + 2 * count)
      #expect(
        try HeldDirectory.manifest(at: folder + "/run").methods.map(\.warmupQueries) == [
          count, count,
        ])
    }
  }

  @Test("a demonstration that is not finite is bad data, not a failure of the policy")
  func brokenDemonstration() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      run.policies = [.random]
      run.sources[0].episodes[1].keyframes[0].action.gripper = .nan
      #expect(
        throws: EvaluationError.invalidDemonstration(
          episode: "demo_1", task: "close_jar", frame: 0)
      ) { try run.start(at: folder + "/run") }
      let written = try outcomes(folder + "/run")
      #expect(written.count == 1)
    }
  }

  @Test("two files of one task, two methods of one name and nothing to do are refused")
  func refusals() throws {
    var run = ScriptedRun()
    run.sources = [run.sources[0], run.sources[0]]
    #expect(
      throws: EvaluationError.duplicateTask(
        "close_jar", files: ["close_jar.hdf5", "close_jar.hdf5"])
    ) { try run.prepared() }
    run = ScriptedRun()
    run.policies = [.random, .random]
    #expect(throws: EvaluationError.duplicateMethod("random")) { try run.prepared() }
    run = ScriptedRun().shard(9, of: 9)
    #expect(throws: EvaluationError.self) { try run.prepared() }
  }

  @Test("a mask of the wrong length is the policy's fault, and says which")
  func wrongMask() throws {
    struct Wrong: Policy {
      let name = "wrong"
      let layerCount = 5
      func predict(_ query: PolicyQuery) throws -> Prediction {
        try ScriptedPolicy.random.predict(query)
      }
    }
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      let replay = try EvaluationRun(
        plan: run.plan, methods: [EvaluatedMethod(policy: Wrong())],
        tasks: run.sources.map { Replay($0, plan: run.plan) })
      let journal = try Journal(opening: folder + "/" + RunFile.journal)
      #expect(
        throws: EvaluationError.unusableAnswer(
          method: "wrong", episode: "demo_0", step: 0, problem: "a mask of 4 layers out of 5")
      ) { try replay.run(appendingTo: journal) }
    }
  }
}
