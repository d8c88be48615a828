import Collection
import Demonstrations
import Foundation
import Manipulation
import Testing

@Suite struct CollectorTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "mole-collection-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func collect(
    _ name: String, workers: Int = 1, episodes: Int = 6, allFrames: Bool = false,
    isHopeless: @escaping @Sendable (UInt64) -> Bool = { _ in false }
  ) throws -> (DemonstrationFile, CollectionSummary) {
    let url = folder.appending(path: name)
    let writer = try DemonstrationWriter(creating: url, task: "reach")
    let plan = CollectionPlan(
      task: "reach", episodes: episodes, seed: 3, keepsAllFrames: allFrames)
    let collector = Collector(plan: plan, workers: workers) {
      CountingWorld(isHopeless: isHopeless)
    }
    let summary = try collector.collect(into: writer)
    try writer.finish(train: writer.episodeNames, valid: [])
    return (try DemonstrationFile(opening: url), summary)
  }

  @Test func `the expert's key frames are written with states, pictures and the final rest`() throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, summary) = try collect("reach.hdf5")
    #expect(summary.demonstrations == 6)
    #expect(summary.frames == 18)
    let episode = try file.episode(at: 1, suite: "test", camera: "front")
    #expect(episode.identity.variation == 1)
    #expect(episode.instruction == "reach 1")
    #expect(episode.keyframes.map(\.frameIndex) == [0, 1])
    let start = try #require(try file.recordedStart(of: 1))
    #expect(start.model == "<mujoco/>")
    #expect(try file.state(of: 1, frame: nil)[0] > 0.99)
  }

  @Test func `the number of workers changes nothing`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (one, _) = try collect("one.hdf5", episodes: 20)
    let (many, _) = try collect("many.hdf5", workers: 5, episodes: 20)
    for index in 0..<20 {
      #expect(try one.recordedStart(of: index)?.seed == many.recordedStart(of: index)?.seed)
      #expect(try one.state(of: index, frame: nil) == many.state(of: index, frame: nil))
    }
  }

  @Test func `a start at which the expert fails is replaced and counted`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, summary) = try collect("some.hdf5", workers: 2) { $0 % 2 == 0 }
    #expect(summary.demonstrations == 6)
    #expect(summary.failures.keys.allSatisfy { $0 == "not solved after 4 actions" })
    #expect(!summary.failures.isEmpty)
    for index in 0..<6 { #expect(try file.recordedStart(of: index).map { $0.seed % 2 } != 0) }
  }

  @Test func `an expert that always fails is an error that names the task`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = #expect(throws: CollectionError.self) {
      try collect("none.hdf5", workers: 2) { _ in true }
    }
    #expect(error?.description.contains("'reach' failed at all 10 starts") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `all frames have a row a control step and the action towards the next key frame`()
    throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, summary) = try collect("all.hdf5", allFrames: true)
    // Two actions of three samples each, the last of which is the next key frame.
    #expect(summary.frames == 6 * 7)
    let episode = try file.episode(at: 0, suite: "test", camera: "front")
    #expect(episode.keyframes.map(\.frameIndex) == [0, 3])
  }

  @Test func `replay leads to the recorded states and notices a changed one`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, _) = try collect("replay.hdf5")
    for index in 0..<6 {
      let replayed = try DemonstrationReplay(of: file, in: CountingWorld()).replay(index)
      #expect(replayed.isSolved && replayed.stateError == 0, "\(replayed)")
      #expect(replayed.actions == 2)
    }
  }
}
