import Manipulation
import TaskSuite
import Testing

@Testing.Suite("The start of an episode")
struct StartTests {
  @Test("follows from the seed, bit for bit, in any environment")
  func reproducible() throws {
    let small = try SmallLibrary()
    let (first, second) = (try small.environment(), try small.environment())
    _ = try second.start(seed: 99, variation: 1)
    for seed in UInt64(1)...3 {
      _ = try first.start(seed: seed, variation: 0)
      _ = try second.start(seed: seed, variation: 0)
      #expect(first.recording?.state == second.recording?.state)
    }
  }

  @Test("differs from seed to seed and stays within the rule")
  func draws() throws {
    let environment = try SmallLibrary().environment()
    var seen: Set<[Double]> = []
    for seed in UInt64(0)..<20 {
      _ = try environment.start(seed: seed, variation: Int(seed % 2))
      let state = try #require(environment.taskState)
      // The block's pose, the flap's pose, the flap's angle.
      let (block, angle) = (state[0..<3], state[14])
      #expect(0.1 - 0.06...0.3 + 0.06 ~= block[0] && abs(block[1]) < 0.26)
      #expect(abs(block[2] - 0.77) < 0.002)
      #expect(0.19...0.41 ~= angle, "\(angle)")
      seen.insert(state)
    }
    #expect(seen.count == 20)
  }

  @Test("has the robot at home with an open gripper")
  func home() throws {
    let environment = try SmallLibrary().environment()
    let seen = try environment.start(seed: 5, variation: 0).observation
    let pose = try #require(seen.gripperPose)
    let offset = pose.position - SIMD3(0.27847, -0.00815, 1.47190)
    #expect((offset * offset).sum().squareRoot() < 0.002)
    #expect(seen.gripperOpen == 1 && seen.images.isEmpty && seen.jointPositions?.count == 7)
  }

  @Test("is at the site of its variation")
  func variations() throws {
    let environment = try SmallLibrary(definition: [("yaw: [-60, 60]", "yaw: [0, 0]")])
      .environment()
    let left = try environment.start(seed: 4, variation: 0)
    let leftX = try #require(environment.taskState?[0])
    let right = try environment.start(seed: 4, variation: 1)
    let rightX = try #require(environment.taskState?[0])
    #expect(abs(rightX - leftX - 0.08) < 0.002)
    #expect(left.instruction == "lift the block" && right.instruction == left.instruction)
  }

  @Test("fails with the reason when no draw can be solved")
  func impossible() throws {
    let far = try SmallLibrary(
      definition: [("position: [0, 0, 0.15]", "position: [0, 1.5, 0.15]")])
    let error = try #require(throws: TaskError.self) {
      try far.environment().start(seed: 1, variation: 0)
    }
    guard case .noValidStart("lift_block", seed: 1, attempts: 40, let reason) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(reason.contains("lifted"))
  }

  @Test("needs the straight lines that way points ask for")
  func straight() throws {
    // The last joint cannot turn on by so much: only another posture of the arm gets there.
    let turned = [
      ("x: [0.1, 0.3]", "x: [0.3, 0.3]"), ("y: [-0.2, 0.2]", "y: [0.15, 0.15]"),
      ("yaw: [-60, 60]", "yaw: [0, 0]"), ("yaw: [-20, 20]", "yaw: [0, 0]"),
      ("turns: [0, 90, 180, -90]", "turns: [0]"), ("rotation: [0, 0, 0]", "rotation: [0, 0, 170]"),
    ]
    _ = try SmallLibrary(definition: turned).environment().start(seed: 1, variation: 0)
    let strict = try SmallLibrary(
      definition: turned + [("carry: block", "carry: block\n    straight: true")])
    let error = try #require(throws: TaskError.self) {
      try strict.environment().start(seed: 1, variation: 0)
    }
    guard case .noValidStart(_, _, _, let reason) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(reason.contains("no straight line leads to 'lifted'"))
  }

  @Test("fails when the task is solved at once")
  func solved() throws {
    let small = try SmallLibrary(scene: [
      ("pos=\"0 0 0.02\" size=\"0.1 0.08", "pos=\"0 0 0.5\" size=\"0.1 0.08")
    ])
    let error = try #require(throws: TaskError.self) {
      try small.environment().start(seed: 1, variation: 0)
    }
    #expect("\(error)".contains("solved at the start"))
  }

  @Test("fails when something lies beside the table")
  func stray() throws {
    let small = try SmallLibrary(scene: [("pos=\"-0.04 0 0.018\"", "pos=\"-0.04 0.9 0.018\"")])
    #expect(throws: TaskError.self) { try small.environment().start(seed: 1, variation: 0) }
  }

  @Test("of a variation that does not exist is refused", arguments: [-1, 2])
  func unknownVariation(index: Int) throws {
    let environment = try SmallLibrary().environment()
    #expect(throws: TaskError.noSuchVariation(index, task: "lift_block", count: 2)) {
      try environment.start(seed: 1, variation: index)
    }
  }
}
