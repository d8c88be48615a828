import Collection
import Demonstrations
import Foundation
import Manipulation
import Testing

@Suite struct StrayingTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "mole-straying-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// A world whose way points leave the gripper as it is, so that each may be missed.
  private func collect(
    _ name: String, straying: Double, closes: Bool = false
  ) throws -> DemonstrationFile {
    let url = folder.appending(path: name)
    let writer = try DemonstrationWriter(creating: url, task: "reach")
    let plan = CollectionPlan(task: "reach", episodes: 12, seed: 3, straying: straying)
    // Near enough is good enough, or no episode with a miss would count.
    let collector = Collector(plan: plan, workers: 2) {
      CountingWorld(tolerance: 0.05, closes: closes)
    }
    _ = try collector.collect(into: writer)
    try writer.finish(train: writer.episodeNames, valid: [])
    return try DemonstrationFile(opening: url)
  }

  @Test func `a way point is missed, and the expert's action is recorded all the same`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try collect("some.hdf5", straying: 0.04)
    var misses: [Double] = []
    for index in 0..<12 {
      let episode = try file.episode(at: index, suite: "test", camera: "front")
      let executed = try file.keyframeActions(of: index)
      #expect(executed.map(\.frame) == episode.keyframes.map(\.frameIndex))
      for (keyframe, carriedOut) in zip(episode.keyframes, executed) {
        misses.append(carriedOut.action.translation.x - keyframe.action.translation.x)
        #expect(carriedOut.action.gripper == keyframe.action.gripper)
      }
      // The second action starts where the first really led, and makes up for the miss.
      let x = try #require(episode.keyframes[1].observation.gripperPose).position.x
      #expect(abs(x + episode.keyframes[1].action.translation.x - 1) < 1e-6)
    }
    #expect(misses.allSatisfy { abs($0) <= 0.04 })
    #expect(misses.contains { abs($0) > 0.01 } && Set(misses).count > 12)
  }

  @Test func `where the gripper closes, it misses by two fifths at most`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try collect("closing.hdf5", straying: 0.04, closes: true)
    var misses: [Double] = []
    for index in 0..<12 {
      let keyframes = try file.episode(at: index, suite: "test", camera: "front").keyframes
      let executed = try file.keyframeActions(of: index).map(\.action)
      for (keyframe, action) in zip(keyframes, executed) where keyframe.action.gripper == 0 {
        misses.append(action.translation.x - keyframe.action.translation.x)
      }
    }
    #expect(misses.count >= 12 && misses.allSatisfy { abs($0) <= 0.016 })
    #expect(misses.contains { abs($0) > 0.004 })
  }

  @Test func `without straying nothing else is recorded, and what is done is the action`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try collect("none.hdf5", straying: 0)
    let episode = try file.episode(at: 0, suite: "test", camera: "front")
    #expect(try file.keyframeActions(of: 0).map(\.action) == episode.keyframes.map(\.action))
  }
}
