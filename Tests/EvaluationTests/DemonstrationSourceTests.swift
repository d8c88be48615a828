import Demonstrations
import Evaluation
import Foundation
import Manipulation
import Outcomes
import Testing

@Suite("Episodes of a demonstration file")
struct DemonstrationSourceTests {
  /// Writes four episodes of two key frames each; the first trains, the others validate.
  private func withFile(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/close_jar.hdf5"
      let writer = try DemonstrationWriter(
        creating: URL(fileURLWithPath: path), task: "close_jar")
      for number in 0..<4 { try writer.append(recording(number)) }
      try writer.finish(train: ["demo_0"], valid: ["demo_1", "demo_2", "demo_3"])
      try body(path)
    }
  }

  private func recording(_ number: Int) -> RecordedDemonstration {
    let picture = RGBImage(width: 2, height: 2, pixels: (0..<12).map { UInt8($0 + number) })
    let frames = (0..<3).map { frame in
      RecordedFrame(
        observation: Observation(
          images: ["front": picture],
          gripperPose: Pose(position: [0, 0, Double(frame)], rotation: .identity)),
        action: Action(translation: [0, 0, 1], eulerAngles: .zero, gripper: 1),
        isKeyframe: frame < 2)
    }
    return RecordedDemonstration(
      instruction: "close jar \(number)", source: "test", frames: frames)
  }

  private func names(_ path: String, _ change: (inout EvaluationPlan) -> Void) throws -> [String] {
    var plan = EvaluationPlan()
    change(&plan)
    let source = try DemonstrationSource(opening: path, plan: plan)
    return try (0..<source.episodeCount).map { try source.episodeName(at: $0) }
  }

  @Test("the plan's split and limit choose the episodes")
  func choice() throws {
    try withFile { path in
      #expect(try names(path) { _ in } == ["demo_0", "demo_1", "demo_2", "demo_3"])
      #expect(try names(path) { $0.split = .train } == ["demo_0"])
      #expect(try names(path) { $0.split = .valid } == ["demo_1", "demo_2", "demo_3"])
      let limited = try names(path) {
        $0.split = .valid
        $0.episodes = 2
      }
      #expect(limited == ["demo_1", "demo_2"])
    }
  }

  @Test("an episode keeps its identity whatever the split, and so its seed")
  func identity() throws {
    try withFile { path in
      var plan = EvaluationPlan()
      plan.suite = "bridge"
      let whole = try DemonstrationSource(opening: path, plan: plan).episode(at: 2)
      plan.split = .valid
      let part = try DemonstrationSource(opening: path, plan: plan).episode(at: 1)
      #expect(part.identity == whole.identity)
      #expect(part.identity.suite == "bridge")
      #expect(part.instruction == "close jar 2")
      #expect(part.keyframes.count == 2)
      #expect(part.keyframes[0].observation.images["front"]?.pixels.first == 2)
    }
  }

  @Test("methods are calibrated on the training split, whatever is evaluated")
  func calibration() throws {
    try withFile { path in
      var plan = EvaluationPlan()
      plan.split = .valid
      plan.shard = Shard(number: 2, of: 2)
      let queries = try DemonstrationSource(opening: path, plan: plan).calibrationQueries()
      #expect(queries.map(\.instruction) == ["close jar 0", "close jar 0"])
      #expect(queries.map(\.step) == [0, 1])
    }
  }

  @Test("an unknown convention is refused")
  func convention() throws {
    try withFile { path in
      var plan = EvaluationPlan()
      plan.actionConvention = "sideways"
      #expect(throws: EvaluationError.self) {
        try DemonstrationSource(opening: path, plan: plan)
      }
    }
  }
}
