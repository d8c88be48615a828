import Demonstrations
import Failures
import Foundation
import HDF5Files
import Images
import Manipulation
import Testing

/// What the generator knows of an episode.
private struct ExpectedEpisode: Decodable {
  var keyframes: [String: [Int]]
  var poses: [[Double]]
  var euler: [[Double]]
  var gripper: [Double]
}

struct RLBenchImportTests {
  private static let boxEpisode = "close_box/variation0/episodes/episode0"

  private func expected(_ place: String) throws -> ExpectedEpisode {
    let all: [String: ExpectedEpisode] = try ImportFixture.json("rlbench.json")
    return try #require(all[place])
  }

  @Test("both layouts are found, episodes in the order of their numbers")
  func discovery() throws {
    let tasks = try RLBenchFolder.tasks(in: ImportFixture.url("rlbench"))
    #expect(tasks.map(\.name) == ["close_box", "turn_tap"])
    #expect(tasks[0].episodes.map(\.number) == [0, 2, 10, 1])
    #expect(tasks[0].episodes.map(\.variation) == [0, 0, 0, 1])
    #expect(tasks[1].episodes.map(\.variation) == [nil])
    let one = try RLBenchFolder.tasks(in: ImportFixture.url("rlbench/close_box"))
    #expect(one.map(\.name) == ["close_box"])
  }

  @Test(
    "key frames, actions and poses are those of scipy and the published rule",
    arguments: KeyframeRule.allCases)
  func values(rule: KeyframeRule) throws {
    let tasks = try RLBenchFolder.tasks(in: ImportFixture.url("rlbench"))
    var importer = RLBenchImporter()
    importer.keyframeRule = rule
    for task in tasks {
      for episode in task.episodes {
        let folder = episode.variation.map { "variation\($0)" } ?? "all_variations"
        let truth = try expected("\(task.name)/\(folder)/episodes/episode\(episode.number)")
        let stored = [0] + (try #require(truth.keyframes[rule.rawValue]))
        let demonstration = try importer.read(episode, task: task.name)
        #expect(demonstration.frames.count == stored.count)
        for (position, frame) in demonstration.frames.enumerated() {
          let now = stored[position]
          let next = stored[min(position + 1, stored.count - 1)]
          let move = zip(truth.poses[next], truth.poses[now]).prefix(3).map(-)
          let action = move + truth.euler[next] + [truth.gripper[next]]
          #expect(agree(frame.action.vector.map(Double.init), action, within: 1e-6))
          #expect(frame.observation.gripperOpen == truth.gripper[now])
          #expect(frame.isKeyframe == (position < stored.count - 1))
          #expect(frame.isDone == (position == stored.count - 1))
          let pose = try #require(frame.observation.gripperPose)
          let position = [pose.position.x, pose.position.y, pose.position.z]
          #expect(agree(position, Array(truth.poses[now].prefix(3)), within: 0))
        }
      }
    }
  }

  @Test("all frames are stored on request, each with the way to its next key frame")
  func allFrames() throws {
    let task = try RLBenchFolder.tasks(in: ImportFixture.url("rlbench/close_box"))[0]
    var importer = RLBenchImporter()
    importer.storesAllFrames = true
    let truth = try expected(RLBenchImportTests.boxEpisode)
    let keyframes = try #require(truth.keyframes["lift3d"])
    let frames = try importer.read(task.episodes[0], task: task.name).frames
    #expect(frames.count == truth.gripper.count)
    let asked = frames.indices.filter { frames[$0].isKeyframe }
    #expect(asked == [0] + keyframes.dropLast())
    let next = keyframes[0]
    for (index, frame) in frames.prefix(next).enumerated() {
      let x = truth.poses[next][0] - truth.poses[index][0]
      #expect(abs(frame.action.translation.x - x) < 1e-12)
    }
    #expect(frames.last?.action.translation == .zero)
  }

  @Test("an instruction is the first, the longest, or drawn by the seed")
  func instructions() throws {
    let tasks = try RLBenchFolder.tasks(in: ImportFixture.url("rlbench"))
    var importer = RLBenchImporter()
    let first = try importer.read(tasks[0].episodes[3], task: "close_box")
    #expect(first.instruction == "close box 1" && first.variation == 1)
    #expect(
      first.instructions == ["close box 1", "close the lid on the box 1", "shut the box 1"])
    importer.instruction = .longest
    let longest = try importer.read(tasks[0].episodes[0], task: "close_box")
    #expect(longest.instruction == "close the lid on the box 0")
    importer.instruction = .random
    let drawn = try (0..<20).map { (seed: UInt64) in
      importer.seed = seed
      return try importer.read(tasks[0].episodes[0], task: "close_box").instruction
    }
    #expect(Set(drawn).count == 3)
    let tap = try importer.read(tasks[1].episodes[0], task: "turn_tap")
    #expect(tap.instruction == "turn left tap" && tap.variation == 7)
  }

  @Test("a written file holds pictures, depth in metres, masks and all instructions")
  func writtenFile() throws {
    let task = try RLBenchFolder.tasks(in: ImportFixture.url("rlbench/close_box"))[0]
    let one = RLBenchTaskFolder(name: task.name, episodes: [task.episodes[0]])
    var importer = RLBenchImporter()
    importer.cameras = ["front", "wrist"]
    importer.storesDepth = true
    try ImportFixture.withFolder { folder in
      let url = folder.appendingPathComponent("close_box.hdf5")
      let summary = try importer.importTask(
        one, to: url, validShare: 0, replacing: false, progress: { _ in })
      #expect(summary.episodeCount == 1 && summary.keyframeCount == summary.frameCount - 1)
      let file = try HDF5File(reading: url)
      let depth: [Float] = try file.read("data/demo_0/obs/front_depth")
      // The generator's ramp: pixel i of 256 at frame 0 is i / 255 of the way from near to far.
      #expect(abs(depth[0] - 0.01) < 1e-6 && abs(depth[255] - 4.5) < 1e-6)
      #expect(abs(depth[100] - Float(0.01 + 100.0 / 255 * 4.49)) < 1e-6)
      let pixels: [UInt8] = try file.read("data/demo_0/obs/wrist_rgb")
      let picture = try PNGFile.read(
        task.episodes[0].url.appendingPathComponent("wrist_rgb/0.png"))
      #expect(Array(pixels.prefix(picture.pixels.count)) == picture.pixels)
      #expect {
        try importer.importTask(one, to: url, validShare: 0, replacing: false, progress: { _ in })
      } throws: { ($0 as? ImportError) == .outputExists(url.path) }
    }
  }
}

struct DamagedRLBenchImportTests {
  /// Imports the damaged copy of one episode and gives the error.
  private func error(
    _ importer: RLBenchImporter = RLBenchImporter(), damaging damage: (URL) throws -> Void
  ) throws -> any ExplainedError {
    try ImportFixture.withCopy(of: "rlbench") { root in
      let task = try RLBenchFolder.tasks(in: root.appendingPathComponent("close_box"))[0]
      let one = RLBenchTaskFolder(name: "close_box", episodes: [task.episodes[0]])
      try damage(task.episodes[0].url)
      let url = root.appendingPathComponent("out.hdf5")
      var caught: (any ExplainedError)?
      do {
        _ = try importer.importTask(
          one, to: url, validShare: 0, replacing: false, progress: { _ in })
      } catch let error as any ExplainedError {
        caught = error
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: root.path)
      #expect(left.allSatisfy { !$0.hasPrefix("out") }, "something half-written is left")
      return try #require(caught)
    }
  }

  @Test("a picture too few, a folder too few, and a strange name are errors that name the episode")
  func pictures() throws {
    let fewer = try error { episode in
      try FileManager.default.removeItem(at: episode.appendingPathComponent("front_rgb/3.png"))
    }
    #expect(fewer.kind == .badData)
    #expect(fewer.description.contains("episode0' has 25 pictures in 'front_rgb', but its pickle"))
    let renamed = try error { episode in
      try FileManager.default.moveItem(
        at: episode.appendingPathComponent("front_rgb/3.png"),
        to: episode.appendingPathComponent("front_rgb/99.png"))
    }
    #expect(renamed.description.contains("lacks the picture 'front_rgb/3.png'"))
    let missing = try error { episode in
      try FileManager.default.removeItem(at: episode.appendingPathComponent("front_rgb"))
    }
    #expect(missing.kind == .missingInput)
    let damaged = try error { episode in
      try Data([0x89, 0x50]).write(to: episode.appendingPathComponent("front_rgb/0.png"))
    }
    #expect(damaged is ImageError)
  }

  @Test("cameras that are not there or lead elsewhere are errors")
  func cameras() throws {
    var importer = RLBenchImporter()
    importer.cameras = ["overhead"]
    #expect(try error(importer, damaging: { _ in }).kind == .missingInput)
    importer.cameras = ["../../episode0/front"]
    #expect(try error(importer, damaging: { _ in }).kind == .usage)
  }

  @Test("pickles of another kind, truncated or hostile are errors")
  func pickles() throws {
    func replacing(_ file: String, with fixture: String) throws -> any ExplainedError {
      try error { episode in
        try Data(ImportFixture.bytes(fixture))
          .write(to: episode.appendingPathComponent(file))
      }
    }
    let other = try replacing("low_dim_obs.pkl", with: "pickles/sample_numpy2_p4.pkl")
    #expect(other.description.contains("no RLBench demo"))
    let hostile = try replacing("low_dim_obs.pkl", with: "pickles/system_p4.pkl")
    #expect(hostile.kind == .badData && hostile.description.contains("'posix.system'"))
    let words = try replacing("variation_descriptions.pkl", with: "pickles/sample_numpy2_p4.pkl")
    #expect(words.description.contains("has no instruction"))
    let missing = try error { episode in
      try FileManager.default.removeItem(at: episode.appendingPathComponent("low_dim_obs.pkl"))
    }
    #expect(missing.kind == .missingInput)
  }

  @Test("a folder without episodes is missing input")
  func nothing() throws {
    try ImportFixture.withFolder { folder in
      let error = #expect(throws: ImportError.self) { try RLBenchFolder.tasks(in: folder) }
      #expect(error?.kind == .missingInput)
    }
  }
}
