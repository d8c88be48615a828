import Manipulation
import TaskSuite
import Testing

@Testing.Suite("A perturbation")
struct PerturbationTests {
  private func environment(_ perturbations: [Perturbation]) throws -> TaskEnvironment {
    try SmallLibrary().environment(
      EnvironmentOptions(cameras: ["front"], imageSize: 64, perturbations: perturbations))
  }

  @Test(
    "changes the world by its seed, and only when it is switched on",
    arguments: [Perturbation.lighting, .tableTexture, .cameraPose, .objectColour, .distractors])
  func seeded(perturbation: Perturbation) throws {
    let plain = try environment([])
    let changed = try environment([perturbation])
    let picture = try plain.start(seed: 1, variation: 0).observation.images["front"]
    let first = try changed.start(seed: 1, variation: 0).observation.images["front"]
    let model = changed.recording?.model
    let second = try changed.start(seed: 2, variation: 0).observation.images["front"]
    let again = try changed.start(seed: 1, variation: 0).observation.images["front"]
    #expect(first != picture && first != second && first == again)
    #expect(changed.recording?.model == model && plain.recording?.model != model)
  }

  @Test("of looks leaves the physics alone")
  func physics() throws {
    let plain = try environment([])
    let changed = try environment([.lighting, .tableTexture, .cameraPose, .objectColour])
    _ = try plain.start(seed: 3, variation: 0)
    _ = try changed.start(seed: 3, variation: 0)
    #expect(plain.recording?.state == changed.recording?.state)
  }

  @Test("of the instruction takes a paraphrase")
  func instruction() throws {
    let start = try environment([.instruction]).start(seed: 3, variation: 0)
    #expect(start.instruction == "raise the block")
  }

  @Test("does not depend on the order in which they are named")
  func order() throws {
    let (some, others) = (Perturbation.allCases, Array(Perturbation.allCases.reversed()))
    let (first, second) = (try environment(some), try environment(others))
    _ = try first.start(seed: 3, variation: 0)
    _ = try second.start(seed: 3, variation: 0)
    #expect(first.recording?.model == second.recording?.model)
  }

  @Test("leaves the task possible", arguments: [UInt64(1), 2, 3])
  func possible(seed: UInt64) throws {
    let environment = try environment(Perturbation.allCases)
    let run = try ExpertRun(in: environment, seed: seed, afterwards: 0.5)
    #expect(run.isSolved && environment.strayBodies.isEmpty)
  }

  @Test("can be replayed from a recording")
  func replay() throws {
    let environment = try environment(Perturbation.allCases)
    let start = try environment.start(seed: 5, variation: 0)
    let recording = try #require(environment.recording)
    let again = try environment.restore(recording)
    #expect(again.observation.images["front"] == start.observation.images["front"])
    // A recording says how its world differed, so that any environment of the task makes it again.
    let plain = try self.environment([]).restore(recording)
    #expect(plain.observation.images["front"] == start.observation.images["front"])
    var unmarked = recording
    unmarked.perturbations = []
    #expect(throws: TaskError.self) { try self.environment([]).restore(unmarked) }
  }
}
