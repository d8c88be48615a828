import Manipulation
import TaskSuite
import Testing

@Testing.Suite("A task's environment")
struct EnvironmentTests {
  private func stay(gripper: Double = 1) -> Action {
    let home = Rotation(quaternionXYZW: [0, 0.99267, 0, 0.12087]) ?? .identity
    return Action(translation: .zero, eulerAngles: home.extrinsicXYZ, gripper: gripper)
  }

  @Test("lets the expert solve the task", arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func expert(seed: UInt64) throws {
    let environment = try SmallLibrary().environment()
    let run = try ExpertRun(
      in: environment, seed: seed, variation: Int(seed % 2), afterwards: 1)
    #expect(run.isSolved && run.succeeded && run.failure == nil && run.actions.count == 3)
    #expect(environment.strayBodies.isEmpty)
  }

  @Test("goes on from a recording bit for bit")
  func replay() throws {
    let small = try SmallLibrary()
    let environment = try small.environment()
    _ = try environment.start(seed: 8, variation: 1)
    let recording = try #require(environment.recording)
    var actions: [Action] = []
    var states: [[Double]] = []
    while !environment.isSolved, let action = try environment.expertAction() {
      _ = try environment.execute(action)
      actions.append(action)
      states.append(try #require(environment.recording).state)
    }
    let other = try small.environment()
    let start = try other.restore(recording)
    #expect(start.instruction == recording.instruction)
    for (action, state) in zip(actions, states) {
      // As it comes out of a file.
      _ = try other.execute(Action(vector: action.vector))
      #expect(other.recording?.state == state)
    }
    #expect(other.isSolved)
  }

  @Test("asks the expert without moving him on")
  func advice() throws {
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    let first = try environment.expertAction()
    #expect(try environment.expertAction() == first)
    #expect(first?.vector.map(Double.init).count == 7)
  }

  @Test("lets the expert try again where nothing was grasped")
  func retry() throws {
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    let above = try environment.execute(try #require(try environment.expertAction()))
    // Closed above it.
    var missed = try #require(try environment.expertAction())
    missed.translation.z += 0.06
    let there = try environment.execute(missed)
    let again = try #require(try environment.expertAction())
    let (first, second) = (
      try #require(above.observation.gripperPose), try #require(there.observation.gripperPose)
    )
    let difference = second.position + again.translation - first.position
    #expect((difference * difference).sum().squareRoot() < 5e-3)
    var count = 2
    while !environment.isSolved, count < 10, let action = try environment.expertAction() {
      _ = try environment.execute(action)
      count += 1
    }
    #expect(environment.isSolved && count == 5)
  }

  @Test("lets the expert try again with what is in the hand")
  func retryCarrying() throws {
    let lower = [("position: [0, 0, 0.15]", "position: [0, 0, 0.1]")]
    let environment = try SmallLibrary(definition: lower).environment()
    _ = try environment.start(seed: 3, variation: 0)
    for _ in 0..<2 { _ = try environment.execute(try #require(try environment.expertAction())) }
    var missed = try #require(try environment.expertAction())
    missed.translation.z -= 0.08
    #expect(try !environment.execute(missed).isSolved)
    let again = try #require(try environment.expertAction())
    #expect(again.gripper == 0 && abs(again.translation.z - 0.08) < 0.01)
    #expect(try environment.execute(again).isSolved)
  }

  @Test("lets the expert wait where somebody does something else", arguments: [true, false])
  func otherAction(turns: Bool) throws {
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    let first = try #require(try environment.expertAction())
    var other = first
    if turns {
      other.eulerAngles = (Rotation(extrinsicXYZ: [0, 0, 0.7]) * first.rotation).extrinsicXYZ
    } else {
      other.translation.z += 0.11
    }
    _ = try environment.execute(other)
    let again = try #require(try environment.expertAction())
    #expect(again.gripper == 1 && again.rotation.angle(to: first.rotation) < 1e-3)
    #expect(turns || abs(again.translation.z + 0.11) < 0.01)
    // Nearly there is there.
    var near = again
    near.translation.z += 0.03
    _ = try environment.execute(near)
    #expect(try environment.expertAction()?.gripper == 0)
  }

  @Test("does not solve the task by staying at home")
  func idle() throws {
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    for _ in 0..<3 {
      let outcome = try environment.execute(stay())
      #expect(!outcome.succeeded && !outcome.isSolved && outcome.failure == nil)
    }
  }

  @Test("takes no time for a gripper that is open already")
  func gripper() throws {
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    let still = try environment.execute(stay()).duration
    let closing = try environment.execute(stay(gripper: 0))
    #expect(closing.duration > still + 0.15 && closing.observation.gripperOpen == 0)
    let opening = try environment.execute(stay(gripper: 1))
    #expect(opening.duration > still + 0.65 && opening.observation.gripperOpen == 1)
  }

  /// An action that fails: translation, Euler angles, and why.
  private static let impossible: [(SIMD3<Double>, SIMD3<Double>, ExecutionFailure)] = [
    ([2, 0, 0], [0, 0, 0], .targetOutsideWorkspace),
    ([.nan, 0, 0], [0, 0, 0], .targetOutsideWorkspace),
    ([.infinity, 0, 0], [0, 0, 0], .targetOutsideWorkspace),
    ([0, 0, 0], [.nan, 0, 0], .invalidRotation),
    ([0.48, 0.6, 0.25], [0, 0, 0], .unreachableTarget),
  ]

  @Test("says why an action cannot be carried out", arguments: impossible.indices)
  func failures(index: Int) throws {
    let (translation, angles, expected) = Self.impossible[index]
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    let before = environment.recording?.state
    let outcome = try environment.execute(
      Action(translation: translation, eulerAngles: angles, gripper: 1))
    #expect(outcome.failure == expected && outcome.duration == 0 && !outcome.succeeded)
    #expect(environment.recording?.state == before)
  }

  @Test("shows its motion 20 times a second")
  func motion() throws {
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    var samples: [MotionSample] = []
    environment.observer = { samples.append($0) }
    let action = try #require(try environment.expertAction())
    let outcome = try environment.execute(action)
    #expect(samples.count == Int((outcome.duration / 0.05).rounded()))
    for (first, second) in zip(samples, samples.dropFirst()) {
      #expect(abs(second.time - first.time - 0.05) < 1e-9)
    }
    #expect(samples.last?.state == environment.recording?.state)
    #expect(samples.allSatisfy { $0.jointVelocities.count == 7 && $0.observation.images.isEmpty })
  }

  @Test("refuses recordings that do not fit")
  func foreignRecordings() throws {
    let environment = try SmallLibrary().environment()
    _ = try environment.start(seed: 3, variation: 0)
    let good = try #require(environment.recording)
    var old = good
    old.taskVersion = "1"
    var foreign = good
    foreign.model = "<mujoco/>"
    var variation = good
    variation.variation = 7
    for recording in [old, foreign, variation] {
      #expect(throws: TaskError.self) { try environment.restore(recording) }
    }
    for state in [[], [1.0], good.state.map { _ in Double.nan }] {
      var damaged = good
      damaged.state = state
      #expect(throws: (any Error).self) { try environment.restore(damaged) }
    }
    _ = try environment.restore(good)
  }

  @Test("refuses cameras that the scene lacks, and acting before the start")
  func misuse() throws {
    let small = try SmallLibrary()
    #expect(throws: TaskError.self) {
      try small.environment(EnvironmentOptions(cameras: ["back"]))
    }
    #expect(throws: TaskError.notStarted(task: "lift_block")) {
      try small.environment().execute(stay())
    }
  }

  @Test("gives the instruction that was chosen")
  func instruction() throws {
    let small = try SmallLibrary()
    let options = EnvironmentOptions(cameras: [], wording: .longest)
    let start = try small.environment(options).start(seed: 1, variation: 1)
    #expect(start.instruction == "lift the block from the right side")
  }
}
