import Demonstrations
import Failures
import Foundation
import HDF5Files
import Manipulation
import Testing

@Suite("Other projects' files")
struct ForeignFileTests {
  @Test("robomimic: episodes in the order of their numbers, instruction from env_args")
  func robomimic() throws {
    let file = try DemonstrationFile(opening: demonstrationFixture("robomimic.hdf5"))
    #expect(file.schema == .robomimic)
    #expect(file.task == "robomimic")
    #expect(file.episodeNames == ["demo_2", "demo_10"])
    #expect(try file.mask("train") == ["demo_2"])
    let summary = try file.summary(of: 0)
    #expect(summary.frameCount == 5)
    #expect(summary.keyframeCount == 5)
    #expect(summary.cameras == ["agentview_image"])
    #expect(summary.instruction == "lift the cube")
  }

  @Test("LIBERO: both cameras, instruction from problem_info")
  func libero() throws {
    let file = try DemonstrationFile(opening: demonstrationFixture("libero_demo.hdf5"))
    #expect(file.schema == .libero)
    let summary = try file.summary(of: 0)
    #expect(summary.cameras == ["agentview_rgb", "eye_in_hand_rgb"])
    #expect(summary.instruction == "put the bowl on the plate")
  }

  @Test("robosuite's raw recordings have no pictures and no instruction, and it is said")
  func robosuite() throws {
    let file = try DemonstrationFile(opening: demonstrationFixture("robosuite.hdf5"))
    #expect(file.schema == .robosuite)
    #expect(file.episodeNames == ["demo_1", "demo_2"])
    #expect(try file.summary(of: 1).cameras == [])
    let error = explained { _ = try file.episode(at: 0, suite: "") }
    #expect(error?.description.contains("instruction") == true)
  }

  @Test("ManiSkill: task, success and instruction from the JSON file beside it")
  func maniskill() throws {
    let url = try demonstrationFixture("trajectory.rgb.pd_ee_delta_pose.cpu.h5")
    let file = try DemonstrationFile(opening: url, convention: .deltas)
    #expect(file.schema == .maniskill)
    #expect(file.task == "PickCube-v1")
    let summary = try file.summary(of: 0)
    #expect(summary.instruction == "pick up the cube")
    #expect(summary.success == true)
    #expect(try file.summary(of: 1).success == false)
    #expect(summary.cameras == ["base_camera"])
    let episode = try file.episode(at: 0, suite: "maniskill")
    #expect(episode.keyframes.count == 4)
    #expect(episode.keyframes[3].observation.images["base_camera"]?.width == 8)
    // The tool points down: its quaternion is read as (w, x, y, z), which ManiSkill writes.
    let pose = try #require(episode.keyframes[0].observation.gripperPose)
    #expect(pose.rotation.apply(to: [0, 0, 1]).z < -0.5)
  }

  @Test(
    "actions of an undeclared convention are not guessed",
    arguments: ["robomimic.hdf5", "libero_demo.hdf5", "trajectory.rgb.pd_ee_delta_pose.cpu.h5"])
  func undeclared(name: String) throws {
    let url = try demonstrationFixture(name)
    let error = explained {
      _ = try DemonstrationFile(opening: url).episode(at: 0, suite: "")
    }
    #expect(error?.kind == .badData)
    #expect(error?.description.contains("action_convention") == true)
  }

  @Test("with a convention given, a foreign file's episodes are read")
  func given() throws {
    let file = try DemonstrationFile(
      opening: demonstrationFixture("libero_demo.hdf5"), convention: .deltas)
    let episode = try file.episode(at: 0, suite: "libero", camera: "agentview_rgb")
    #expect(episode.keyframes.count == 6)
    #expect(episode.keyframes[0].observation.gripperPose != nil)
    #expect(episode.keyframes[0].observation.gripperOpen == nil)
  }

  @Test("declared deltas are converted: R(delta) after R(current)")
  func deltas() throws {
    let file = try DemonstrationFile(opening: demonstrationFixture("deltas.hdf5"))
    #expect(file.convention == .deltas)
    let keyframes = try file.episode(at: 0, suite: "").keyframes
    #expect(keyframes.map(\.frameIndex) == [0, 1, 2, 3])
    for (keyframe, next) in zip(keyframes, keyframes.dropFirst()) {
      let from = try #require(keyframe.observation.gripperPose)
      let to = try #require(next.observation.gripperPose)
      #expect(keyframe.action.rotation.angle(to: to.rotation) < 1e-6)
      let miss = from.position + keyframe.action.translation - to.position
      #expect((miss * miss).sum() < 1e-12)
    }
    #expect(try FileDoctor(file).examine() == [])
  }

  @Test("what is no demonstration file is called so")
  func unknown() throws {
    try inTemporaryFolder { folder in
      let text = folder.appendingPathComponent("a.hdf5")
      try Data("not HDF5".utf8).write(to: text)
      #expect(explained { _ = try DemonstrationFile(opening: text) }?.kind == .badData)
      let missing = folder.appendingPathComponent("b.hdf5")
      #expect(explained { _ = try DemonstrationFile(opening: missing) }?.kind == .missingInput)
    }
  }

  @Test("an absurd number of frames is refused before it is counted")
  func absurdLength() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.hdf5")
      do {
        let file = try HDF5File(creating: url)
        try file.createDataset(
          "data/demo_0/actions", of: .float32, shape: [1 << 40, 7], chunk: [1024, 7])
        try file.writeAttribute("language_instruction", .text("go"), to: "data/demo_0")
      }
      let file = try DemonstrationFile(opening: url, convention: .native)
      #expect(explained { _ = try file.episode(at: 0, suite: "") }?.kind == .badData)
      #expect(explained { _ = try file.summary(of: 0) }?.kind == .badData)
      #expect(try FileDoctor(file).examine().first?.check == .readability)
    }
  }

  @Test("a broken ManiSkill index is named")
  func brokenIndex() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("t.h5")
      try FileManager.default.copyItem(
        at: demonstrationFixture("trajectory.rgb.pd_ee_delta_pose.cpu.h5"), to: url)
      try Data("{\"episodes\": 3}".utf8).write(to: folder.appendingPathComponent("t.json"))
      let error = explained { _ = try DemonstrationFile(opening: url) }
      #expect(error?.kind == .badData)
      #expect(error?.description.contains("t.json") == true)
    }
  }
}
