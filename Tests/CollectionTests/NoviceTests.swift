import Collection
import Demonstrations
import Foundation
import Manipulation
import Testing

/// Goes a tenth back, wherever it is.
private struct Backwards: Policy {
  let name = "backwards"
  let layerCount = 0

  func predict(_ query: PolicyQuery) -> Prediction {
    Prediction(
      chunk: ActionChunk(actions: [
        Action(translation: [-0.1, 0, 0], eulerAngles: [0, 0, 0], gripper: 1)
      ]), compute: ComputeCount(nominal: MACCount(), executed: MACCount()),
      mask: LayerMask(shares: []), seconds: [:], totalSeconds: 0)
  }
}

@Suite struct NoviceTests {
  let folder: URL
  private let stride = 0.3

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "mole-novice-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func collect(_ name: String, workers: Int) throws -> DemonstrationFile {
    let url = folder.appending(path: name)
    let writer = try DemonstrationWriter(creating: url, task: "reach")
    let plan = CollectionPlan(task: "reach", episodes: 30, seed: 3)
    let collector = Collector(plan: plan, workers: workers, novice: Backwards()) {
      [stride] in CountingWorld(stride: stride)
    }
    _ = try collector.collect(into: writer)
    try writer.finish(train: writer.episodeNames, valid: [])
    return try DemonstrationFile(opening: url)
  }

  @Test func `a policy begins, the expert goes on, and his actions are recorded`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try collect("novice.hdf5", workers: 2)
    var expertActions: [Int: [Int]] = [:]
    for index in 0..<30 {
      let keyframes = try file.episode(at: index, suite: "test", camera: "front").keyframes
      let carriedOut = try file.keyframeActions(of: index).map(\.action.translation.x)
      let lead = carriedOut.prefix { abs($0 + 0.1) < 1e-6 }.count
      expertActions[lead, default: []].append(carriedOut.count - lead)
      for (step, keyframe) in keyframes.enumerated() {
        let x = try #require(keyframe.observation.gripperPose).position.x
        // Half of the way at first, then all of it, in strides, from where the policy came to.
        let expert = min(stride, (1 - x) * (step == 0 ? 0.5 : 1))
        #expect(abs(keyframe.action.translation.x - expert) < 1e-6)
        #expect(step < lead || abs(carriedOut[step] - expert) < 1e-6)
      }
      #expect(try file.state(of: index, frame: nil)[0] > 0.99)
    }
    // The policy has fewer than the budget of four actions, the expert as many as that besides.
    #expect(Set(expertActions.keys) == [0, 1, 2, 3])
    #expect(expertActions.values.allSatisfy { $0.count > 3 } && expertActions[3]?.max() == 4)
  }

  @Test func `the number of workers changes nothing`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (one, many) = (try collect("one.hdf5", workers: 1), try collect("many.hdf5", workers: 4))
    for index in 0..<30 {
      let (first, second) = (
        try one.keyframeActions(of: index), try many.keyframeActions(of: index)
      )
      #expect(first.map(\.action) == second.map(\.action))
    }
  }
}
