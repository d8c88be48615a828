import Foundation
import Manipulation
import TaskSuite
import Testing

/// The names of the repository's tasks.
private let tasks = (try? TaskLibrary(at: Repository.tasks).taskNames) ?? []

/// What every task keeps to, whoever wrote it.
@Testing.Suite("Every task")
struct ContractTests {
  private func environment(
    _ task: String, cameras: [String] = []
  ) throws -> TaskEnvironment {
    let scene = try TaskScene(task: task, library: try TaskLibrary(at: Repository.tasks))
    return try TaskEnvironment(
      scene, options: EnvironmentOptions(cameras: cameras, imageSize: 128))
  }

  @Test("is complete", arguments: tasks)
  func completeness(task: String) throws {
    let definition = try environment(task).definition
    #expect(definition.budget == 10)
    for variation in definition.variations {
      #expect(variation.expert.count <= 6 && variation.expert.count < definition.budget)
      #expect(variation.paraphrases.count >= 4)
      #expect(Set(variation.paraphrases).isDisjoint(with: variation.instructions))
    }
  }

  @Test("starts with the same bytes from the same seed", arguments: tasks)
  func reproducible(task: String) throws {
    let first = try environment(task, cameras: ["front", "wrist"])
    let second = try environment(task, cameras: ["front", "wrist"])
    _ = try second.start(seed: 4, variation: 0)
    let (one, two) = (
      try first.start(seed: 11, variation: 0), try second.start(seed: 11, variation: 0)
    )
    #expect(one.observation.images == two.observation.images)
    #expect(first.recording?.state == second.recording?.state)
    let other = try first.start(seed: 12, variation: 0)
    #expect(other.observation.images != two.observation.images)
  }

  @Test("is not solved at the start, nor by doing nothing", arguments: tasks)
  func idle(task: String) throws {
    let environment = try environment(task)
    for variation in 0..<environment.variationCount {
      _ = try environment.start(seed: 21, variation: variation)
      #expect(!environment.isSolved)
      try environment.wait(seconds: 2)
      #expect(!environment.isSolved && environment.strayBodies.isEmpty)
    }
  }

  @Test("is solved by the expert, and stays so", arguments: tasks)
  func expert(task: String) throws {
    let environment = try environment(task)
    for seed in UInt64(31)...36 {
      let variation = Int(seed) % environment.variationCount
      let run = try ExpertRun(in: environment, seed: seed, variation: variation, afterwards: 1)
      #expect(
        run.isSolved && run.succeeded, "seed \(seed): \(run.failure?.rawValue ?? "not solved")")
      #expect(environment.strayBodies.isEmpty, "seed \(seed): \(environment.strayBodies)")
    }
  }

  @Test("is replayed from its recording bit for bit", arguments: tasks)
  func replay(task: String) throws {
    let environment = try environment(task)
    let variation = environment.variationCount - 1
    _ = try environment.start(seed: 41, variation: variation)
    let recording = try #require(environment.recording)
    var actions: [Action] = []
    while actions.count < environment.actionBudget, !environment.isSolved,
      let action = try environment.expertAction()
    {
      actions.append(action)
      _ = try environment.execute(action)
    }
    let end = environment.recording?.state
    let other = try self.environment(task)
    _ = try other.restore(recording)
    for action in actions { _ = try other.execute(action) }
    #expect(other.recording?.state == end && other.isSolved == environment.isSolved)
  }

  @Test("has conditions of which each can be false and true", arguments: tasks)
  func conditions(task: String) throws {
    let environment = try environment(task)
    _ = try environment.start(seed: 51, variation: 0)
    var wasFalse = Set<String>()
    var wasTrue = Set<String>()
    func look() {
      for (words, holds) in environment.conditions {
        if holds { wasTrue.insert(words) } else { wasFalse.insert(words) }
      }
    }
    look()
    environment.observer = { _ in look() }
    while !environment.isSolved, let action = try environment.expertAction() {
      _ = try environment.execute(action)
    }
    let all = Set(environment.definition.variations[0].success.map(\.description))
    #expect(wasTrue == all && wasFalse == all)
  }

  @Test("can be perturbed in every way and still be solved", arguments: tasks)
  func perturbed(task: String) throws {
    let scene = try TaskScene(task: task, library: try TaskLibrary(at: Repository.tasks))
    let environment = try TaskEnvironment(
      scene, options: EnvironmentOptions(cameras: [], perturbations: Perturbation.allCases))
    let run = try ExpertRun(in: environment, seed: 61, afterwards: 0.5)
    #expect(run.isSolved, "\(run.failure?.rawValue ?? "not solved")")
  }
}

@Testing.Suite("The repository's suites")
struct RepositorySuiteTests {
  @Test("have the tasks that they are known for")
  func suites() throws {
    let library = try TaskLibrary(at: Repository.tasks)
    #expect(library.suites.map(\.name) == ["mole10", "hybridvla10", "all12", "mole10-hard"])
    #expect(try library.suite("mole10").tasks == library.suite("mole10-hard").tasks)
    #expect(try Set(library.suite("all12").tasks) == Set(library.taskNames))
    let (mole, hybrid) = (
      Set(try library.suite("mole10").tasks), Set(try library.suite("hybridvla10").tasks)
    )
    #expect(mole.count == 10 && hybrid.count == 10)
    #expect(mole.subtracting(hybrid) == ["put_rubbish_in_bin", "change_clock"])
    #expect(hybrid.subtracting(mole) == ["place_wine_at_rack_location", "water_plants"])
  }
}
