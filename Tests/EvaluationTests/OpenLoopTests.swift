import Evaluation
import Foundation
import Manipulation
import Outcomes
import Testing

@Suite("Open loop")
struct OpenLoopTests {
  /// A recording of the point's world: first towards the target, then aside.
  private struct Recording: EpisodeSource {
    let task = "reach"
    let name = "reach.hdf5"
    let episodeCount = 1
    var hasStates = true

    func episodeName(at index: Int) -> String { "demo_0" }

    func episode(at index: Int) -> Episode {
      let moves: [SIMD3<Double>] = [[0.1, 0, 0], [0.2, 0, 0], [0, 0.3, 0]]
      return Episode(
        identity: EpisodeIdentity(
          suite: "recorded", task: task, variation: 0, name: "demo_0", index: 0),
        instruction: "reach",
        keyframes: moves.enumerated().map { index, move in
          Keyframe(
            frameIndex: index, observation: Observation(),
            action: Action(translation: move, eulerAngles: .zero, gripper: 1))
        })
    }

    func recordedStart(at index: Int) -> RecordedStart? {
      guard hasStates else { return nil }
      return RecordedStart(
        state: [0, 0, 1, 0.3, 0, 1], variation: 0, seed: 0, instruction: "reach",
        taskVersion: "3", model: nil)
    }
  }

  private func outcome(
    of policy: any Policy, _ recording: Recording = Recording(), openLoop: Bool = true
  ) throws -> EpisodeOutcome {
    try withTemporaryFolder { folder in
      var plan = EvaluationPlan(demonstrations: ["reach.hdf5"], methods: [policy.name])
      plan.openLoop = openLoop
      let run = try EvaluationRun(
        plan: plan, methods: [EvaluatedMethod(policy: policy)],
        tasks: [Replay(recording, plan: plan) { PointWorld() }])
      _ = try run.run(appendingTo: Journal(opening: folder + "/" + RunFile.journal))
      return try outcomes(folder)[0]
    }
  }

  @Test("answers are carried out from the recorded start until the task is solved")
  func solved() throws {
    let outcome = try outcome(of: ScriptedMethod.oracle.policy)
    #expect(outcome.openLoop == OpenLoopOutcome(successOnce: true, successAtEnd: true, actions: 2))
    #expect(outcome.queries.count == 3)
    #expect(outcome.keyframeMatchRate == 1)
  }

  @Test("an answer that cannot be carried out makes an end of it, but not of the questions")
  func failed() throws {
    let down = Action(translation: [0, 0, -1], eulerAngles: .zero, gripper: 1)
    var outcome = try outcome(of: ScriptedPolicy.repeating(down))
    #expect(
      outcome.openLoop
        == OpenLoopOutcome(
          successOnce: false, successAtEnd: false, failure: .unreachableTarget, actions: 1))
    #expect(outcome.queries.count == 3 && outcome.failure == nil)
    outcome = try self.outcome(of: ScriptedPolicy(name: "silent") { _ in [] })
    #expect(outcome.openLoop?.failure == .invalidAction && outcome.openLoop?.actions == 0)
  }

  @Test("without states, or when nobody asks, nothing is carried out")
  func absent() throws {
    let oracle = ScriptedMethod.oracle.policy
    #expect(try outcome(of: oracle, Recording(hasStates: false)).openLoop == nil)
    #expect(try outcome(of: oracle, openLoop: false).openLoop == nil)
  }

  @Test("who goes home says so when it does not see where it is")
  func home() throws {
    #expect(throws: EvaluationError.noGripperPose(method: "home")) {
      try outcome(of: ScriptedMethod.home.policy)
    }
  }
}
