import Demonstrations
import Failures
import Foundation
import HDF5Files
import Manipulation
import Testing

@Suite("Writing demonstrations and reading them back")
struct DemonstrationRoundTripTests {
  @Test("an episode is its key frames, with pictures, poses and actions")
  func episode() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url)
      let file = try DemonstrationFile(opening: url)
      #expect(file.schema == .mole)
      #expect(file.task == "put_cup")
      #expect(file.taskVersion == "2")
      #expect(file.convention == .native)
      #expect(file.episodeNames == ["demo_0", "demo_1", "demo_2"])
      #expect(try file.mask("train") == ["demo_0", "demo_1"])
      #expect(try file.mask("valid") == ["demo_2"])
      #expect(try file.mask("none") == nil)

      let episode = try file.episode(at: 1, suite: "tests")
      let written = SampleRecording.demonstration(seed: 0.37, variation: 1)
      #expect(
        episode.identity
          == EpisodeIdentity(
            suite: "tests", task: "put_cup", variation: 1, name: "demo_1", index: 1))
      #expect(episode.instruction == "put the cup down")
      #expect(episode.keyframes.map(\.frameIndex) == [0, 4, 8])
      for keyframe in episode.keyframes {
        let frame = written.frames[keyframe.frameIndex]
        #expect(keyframe.observation.images == frame.observation.images)
        #expect(keyframe.action.vector == frame.action.vector)
        #expect(keyframe.observation.gripperOpen == frame.observation.gripperOpen)
        #expect(keyframe.observation.jointPositions == frame.observation.jointPositions)
        let pose = try #require(keyframe.observation.gripperPose)
        let expected = try #require(frame.observation.gripperPose)
        #expect(pose.position == expected.position)
        #expect(pose.rotation.angle(to: expected.rotation) < 1e-7)
      }
    }
  }

  @Test("one camera is read alone, and a missing one is named with those there are")
  func cameras() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url)
      let file = try DemonstrationFile(opening: url)
      let episode = try file.episode(at: 0, suite: "", camera: "wrist")
      #expect(episode.keyframes.allSatisfy { Array($0.observation.images.keys) == ["wrist"] })
      let error = explained { _ = try file.episode(at: 0, suite: "", camera: "overhead") }
      #expect(error?.kind == .missingInput)
      #expect(error?.description.contains("'front', 'wrist'") == true)
    }
  }

  @Test("a summary tells shapes and types without reading data")
  func summary() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url)
      let summary = try DemonstrationFile(opening: url).summary(of: 2)
      #expect(summary.frameCount == 12)
      #expect(summary.keyframeCount == 3)
      #expect(summary.success == true)
      #expect(summary.cameras == ["front", "wrist"])
      let front = try #require(summary.datasets.first { $0.name == "obs/front_rgb" })
      #expect(front.shape == [12, 4, 6, 3])
      #expect(front.type == "uint8")
      #expect(front.chunk == [1, 4, 6, 3])
      #expect(front.filters == ["gzip"])
    }
  }

  @Test("a file that was not finished leaves nothing behind")
  func unfinished() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      do {
        let writer = try DemonstrationWriter(creating: url, task: "put_cup")
        try writer.append(SampleRecording.demonstration())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test("frames that do not hold the same things are refused")
  func unevenFrames() throws {
    try inTemporaryFolder { folder in
      let writer = try DemonstrationWriter(
        creating: folder.appendingPathComponent("cup.hdf5"), task: "put_cup")
      let changes: [(inout RecordedFrame) -> Void] = [
        { $0.observation.images["front"] = nil },
        { $0.observation.images["front"] = RGBImage(width: 1, height: 1, pixels: [0, 0, 0]) },
        { $0.observation.gripperPose = nil }, { $0.observation.gripperOpen = nil },
        { $0.observation.jointPositions = [1] }, { $0.state = nil }, { $0.extras = [:] },
      ]
      for change in changes {
        var demonstration = SampleRecording.demonstration()
        change(&demonstration.frames[3])
        #expect(explained { try writer.append(demonstration) }?.kind == .badData)
      }
      var empty = SampleRecording.demonstration()
      empty.frames = []
      #expect(explained { try writer.append(empty) }?.kind == .badData)
      try writer.append(SampleRecording.demonstration())
      try writer.finish(train: ["demo_0"], valid: [])
      #expect(explained { try writer.finish(train: [], valid: []) }?.kind == .cannotWrite)
    }
  }

  @Test("equal demonstrations give equal bytes")
  func determinism() throws {
    try inTemporaryFolder { folder in
      let urls = ["a.hdf5", "b.hdf5"].map { folder.appendingPathComponent($0) }
      for url in urls { try SampleRecording.write(url) }
      #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
    }
  }

  @Test("h5py reads what we write", .enabled(if: PythonReader.isAvailable))
  func readByPython() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url)
      let frame = SampleRecording.demonstration().frames[4]
      let expected = frame.action.vector.map { String($0) }.joined(separator: ",")
      let script = """
        import h5py, json, sys, numpy as np
        f = h5py.File(sys.argv[1]); d = f["data"]; e = d["demo_0"]
        assert d.attrs["format"] == "mole-1" and d.attrs["total"] == 36
        assert json.loads(d.attrs["env_args"])["env_name"] == "put_cup"
        assert "name" in json.loads(d.attrs["action_convention"])
        assert e.attrs["num_samples"] == 12 and e.attrs["seed"] == 2**64 - 2
        assert e.attrs["language_instruction"] == "put the cup down"
        assert e["actions"].dtype == "f4" and e["obs/gripper_pose"].dtype == "f8"
        assert np.allclose(e["actions"][4], [\(expected)], atol=0)
        assert e["keyframe"][:].tolist() == [1,0,0,0,1,0,0,0,1,0,0,0]
        assert [n.decode() for n in f["mask/train"][:]] == ["demo_0", "demo_1"]
        image = e["obs/front_rgb"][2]
        assert image.shape == (4, 6, 3) and image.ravel()[5] == (5 * 7 + 62) % 251
        """
      #expect(try PythonReader.run(script, url.path) == 0)
    }
  }
}

/// Runs Python with h5py, where there is one.
enum PythonReader {
  static let isAvailable = (try? run("import h5py", "")) == 0

  static func run(_ script: String, _ argument: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let python = ProcessInfo.processInfo.environment["MOLE_PYTHON"] ?? "python3"
    process.arguments = [python, "-c", script, argument]
    process.standardError = isQuiet ? FileHandle.nullDevice : FileHandle.standardError
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static let isQuiet = ProcessInfo.processInfo.environment["MOLE_TEST_NOISE"] == nil
}
