import Demonstrations
import Evaluation
import Foundation
import Images
import Manipulation
import Outcomes
import Testing

@Suite("What is kept of a rollout")
struct KeeperTests {
  @Test("a strip shows what was seen at each step, and the end")
  func strips() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.keepers = [PictureKeeper(.strip, folder: folder + "/strips")]
      try run.start(at: folder + "/run")
      for outcome in try outcomes(folder + "/run") {
        let name = "\(outcome.episode.task)_00\(outcome.episode.index).png"
        let strip = try PNGFile.read(
          URL(fileURLWithPath: "\(folder)/strips/\(outcome.method)/\(name)"))
        let count = try #require(outcome.actions) + 1
        #expect(strip.width == 4 + count * 12)
        #expect(strip.height == 14)
      }
    }
  }

  @Test("an animation's first frame is what was seen first")
  func animations() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.keepers = [PictureKeeper(.animation, folder: folder + "/moving")]
      run.plan.episodes = 1
      run.tasks = ["reach"]
      try run.start(at: folder + "/run")
      let url = URL(fileURLWithPath: folder + "/moving/oracle/reach_000.png")
      let image = try PNGFile.read(url)
      #expect(image.width == 8 && image.height == 6 && image.pixels.allSatisfy { $0 == 0 })
    }
  }

  @Test("a rollout written back replays to the same success, in open loop and by every action")
  func demonstrations() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.keepers = [DemonstrationKeeper(folder: folder + "/record")]
      try run.start(at: folder + "/run")
      let rolledOut = try outcomes(folder + "/run").filter { $0.method == "random" }
      let url = URL(fileURLWithPath: folder + "/record/random/reach.hdf5")
      let file = try DemonstrationFile(opening: url)
      #expect(file.taskVersion == "3" && file.episodeCount == 3)
      let start = try #require(try file.recordedStart(of: 1))
      #expect(start.seed == rolledOut[1].seed && start.variation == 1 && start.state.count == 6)
      #expect(start.taskVersion == "3" && start.model == "<mujoco/>")

      var plan = EvaluationPlan(demonstrations: [url.path], methods: ["oracle"])
      plan.openLoop = true
      let replay = try EvaluationRun(
        plan: plan, methods: [EvaluatedMethod(policy: ScriptedMethod.oracle.policy)],
        tasks: [Replay(try DemonstrationSource(file, plan: plan), plan: plan) { PointWorld() }])
      let journal = try Journal(opening: folder + "/" + RunFile.journal)
      #expect(try replay.run(appendingTo: journal) == .complete)
      for (replayed, original) in zip(try outcomes(folder), rolledOut) {
        #expect(replayed.keyframeMatchRate == 1)
        #expect(replayed.successOnce == nil && replayed.actions == nil)
        let openLoop = try #require(replayed.openLoop)
        #expect(openLoop.successOnce == original.successOnce)
        #expect(openLoop.successAtEnd == original.successAtEnd)
        #expect(openLoop.failure == original.failure)
        #expect(openLoop.actions == original.actions)
        #expect(replayed.queries.map(\.predictedAction) == original.queries.map(\.predictedAction))
      }
    }
  }

  @Test("an interrupted run keeps what it had, and goes on in a file of its own")
  func interrupted() throws {
    try withTemporaryFolder { folder in
      var run = PointRun()
      run.tasks = ["reach"]
      let seen = QueryCount()
      let watcher = RunWatcher(shouldStop: { seen.value == 3 }, report: { _ in seen.add() })
      run.keepers = [DemonstrationKeeper(folder: folder + "/record")]
      try run.start(at: folder + "/run", watcher: watcher)
      run.keepers = [DemonstrationKeeper(folder: folder + "/record")]
      try run.resume(at: folder + "/run")
      func counts(_ method: String) throws -> [String: Int] {
        let path = folder + "/record/" + method
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return try names.reduce(into: [:]) { counts, name in
          let url = URL(fileURLWithPath: "\(path)/\(name)")
          counts[name] = try DemonstrationFile(opening: url).episodeCount
        }
      }
      #expect(try counts("oracle") == ["reach.hdf5": 2, "reach_from_2.hdf5": 1])
      #expect(try counts("random") == ["reach.hdf5": 1, "reach_from_1.hdf5": 2])
      // What is there is not written over.
      run.keepers = [DemonstrationKeeper(folder: folder + "/record")]
      #expect(throws: EvaluationError.self) { try run.start(at: folder + "/again") }
    }
  }
}
