import Demonstrations
import Failures
import Foundation
import HDF5Files
import Manipulation
import Testing

@Suite("The file doctor")
struct FileDoctorTests {
  private func findings(
    _ change: (Int, inout RecordedDemonstration) -> Void = { _, _ in }
  ) throws -> [Finding] {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url, change: change)
      return try FileDoctor(DemonstrationFile(opening: url)).examine()
    }
  }

  private func expect(
    _ check: Finding.Check, in episode: String?, _ findings: [Finding],
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(
      findings.map(\.check) == [check] && findings.first?.episode == episode,
      "\(findings)", sourceLocation: location)
    let areFaults = findings.allSatisfy { $0.isFault }
    #expect(areFaults, sourceLocation: location)
  }

  @Test("finds nothing in a healthy file")
  func healthy() throws {
    #expect(try findings() == [])
  }

  @Test("finds NaN")
  func notFinite() throws {
    expect(
      .finiteness, in: "demo_1",
      try findings { index, demo in
        if index == 1 { demo.frames[2].reward = .nan }
      })
  }

  @Test("finds a black camera and a frozen one", arguments: [true, false])
  func deadCamera(isBlack: Bool) throws {
    expect(
      .constantFrames, in: "demo_0",
      try findings { index, demo in
        guard index == 0 else { return }
        for frame in demo.frames.indices {
          demo.frames[frame].observation.images["wrist"] =
            isBlack
            ? RGBImage(width: 6, height: 4, pixels: [UInt8](repeating: 0, count: 72))
            : SampleRecording.picture(5)
        }
      })
  }

  @Test("finds an empty instruction")
  func emptyInstruction() throws {
    expect(
      .instructions, in: "demo_2",
      try findings { index, demo in if index == 2 { demo.instruction = " \n" } })
  }

  @Test("finds a recording that is never queried")
  func noKeyframes() throws {
    let found = try findings { index, demo in
      guard index == 0 else { return }
      for frame in demo.frames.indices { demo.frames[frame].isKeyframe = false }
    }
    #expect(found.contains { $0.check == .keyframes && $0.episode == "demo_0" })
  }

  @Test("finds actions that miss the next key frame, all or a single one")
  func wrongActions() throws {
    for count in [1, 12] {
      let found = try findings { index, demo in
        guard index == 1 else { return }
        for frame in 2..<min(2 + count, 11) {
          demo.frames[frame].action.translation += [0.5, 0, 0]
        }
      }
      expect(.actions, in: "demo_1", found)
      #expect(found.first?.sentence.contains("position") == true)
    }
    expect(
      .actions, in: "demo_1",
      try findings { index, demo in
        guard index == 1 else { return }
        for frame in 0..<11 { demo.frames[frame].action.eulerAngles = [0, 0, 1] }
      })
  }

  @Test("finds inverted gripper actions and inverted gripper states")
  func gripper() throws {
    expect(
      .gripperPolarity, in: nil,
      try findings { _, demo in
        for frame in demo.frames.indices {
          demo.frames[frame].action.gripper = 1 - demo.frames[frame].action.gripper
        }
      })
    let both = try findings { _, demo in
      for frame in demo.frames.indices {
        demo.frames[frame].action.gripper = 1 - demo.frames[frame].action.gripper
        demo.frames[frame].observation.gripperOpen =
          1 - (demo.frames[frame].observation.gripperOpen ?? 0)
      }
    }
    expect(.gripperPolarity, in: nil, both)
    #expect(both.first?.sentence.contains("fingers") == true)
    let minusOne = try findings { _, demo in
      for frame in demo.frames.indices where demo.frames[frame].action.gripper == 0 {
        demo.frames[frame].action.gripper = -1
      }
    }
    expect(.gripperPolarity, in: nil, minusOne)
  }

  @Test("finds the same episode on both sides of the split")
  func duplicates() throws {
    let found = try findings { index, demo in
      if index == 2 { demo = SampleRecording.demonstration(seed: 0) }
    }
    expect(.duplicates, in: "demo_0", found)
    #expect(found.first?.severity == .error)
    let within = try findings { index, demo in
      if index == 1 { demo = SampleRecording.demonstration(seed: 0) }
    }
    #expect(within.map(\.severity) == [.warning])
  }
}

@Suite("The file doctor on files that our writer cannot make")
struct FileDoctorForeignTests {
  /// A small file with chosen faults, written without `DemonstrationWriter`.
  private func findings(
    sampleCount: Int = 6, poses: ([Double]) -> [Double] = { $0 }, rewardCount: Int = 6,
    train: [String] = ["demo_0"], valid: [String] = []
  ) throws -> [Finding] {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.hdf5")
      let states = Array(SampleRecording.states().prefix(6))
      let labels = KeyframeLabels(states: states, keyframes: [2, 5])
      do {
        let file = try HDF5File(creating: url)
        let root = "data/demo_0"
        func add<Element: HDF5Element>(_ values: [Element], _ shape: [Int], _ name: String) throws {
          try file.createDataset("\(root)/\(name)", of: Element.elementKind, shape: shape)
          try file.write(values, to: "\(root)/\(name)")
        }
        try add(labels.actions.flatMap(\.vector), [6, 7], "actions")
        try add(labels.isKeyframe.map { $0 ? 1 : 0 } as [UInt8], [6], "keyframe")
        try add([Float](repeating: 0, count: rewardCount), [rewardCount], "rewards")
        let rows = states.flatMap { state in
          let (p, q) = (state.pose.position, state.pose.rotation.quaternionXYZW)
          return [p.x, p.y, p.z] + poses([q.x, q.y, q.z, q.w])
        }
        try add(rows, [6, 7], "obs/gripper_pose")
        // A recorder's own notes, at their own rate, are nobody's fault.
        try add([Float](repeating: 0, count: 9), [9], "controller_info/counters")
        let attributes: [String: HDF5Value] = [
          "format": .text("mole-1"), "total": .integer(6),
          "action_convention": .text(ActionConvention.native.name),
        ]
        for (name, value) in attributes { try file.writeAttribute(name, value, to: "data") }
        try file.writeAttribute("num_samples", .integer(Int64(sampleCount)), to: root)
        try file.writeAttribute("language_instruction", .text("go"), to: root)
        try file.writeStrings(train, to: "mask/train")
        try file.writeStrings(valid, to: "mask/valid")
      }
      return try FileDoctor(DemonstrationFile(opening: url)).examine()
    }
  }

  @Test("finds nothing without a fault")
  func healthy() throws {
    #expect(try findings() == [])
  }

  @Test("finds lengths that differ")
  func lengths() throws {
    #expect(try findings(sampleCount: 7).map(\.check) == [.lengths])
    let found = try findings(rewardCount: 5)
    #expect(found.map(\.check) == [.lengths])
    #expect(found.first?.dataset == "rewards")
  }

  @Test("finds quaternions that are not of length 1")
  func norm() throws {
    let found = try findings(poses: { $0.map { $0 * 1.1 } })
    #expect(found.map(\.check) == [.quaternionNorm])
  }

  @Test("finds quaternions in the order (w, x, y, z) and says why")
  func order() throws {
    let found = try findings(poses: { [$0[3], $0[0], $0[1], $0[2]] })
    #expect(found.map(\.check) == [.quaternionOrder])
    #expect(found.first?.severity == .error)
    #expect(found.first?.sentence.contains("agree with the orientations") == true)
  }

  @Test("finds names in masks that are not in the file or in both")
  func masks() throws {
    #expect(try findings(train: ["demo_0", "demo_7"]).map(\.check) == [.masks])
    #expect(try findings(valid: ["demo_0"]).map(\.check) == [.masks])
  }

  @Test(
    "passes other projects' healthy files",
    arguments: ["robomimic.hdf5", "libero_demo.hdf5"])
  func foreign(name: String) throws {
    let file = try DemonstrationFile(opening: demonstrationFixture(name))
    #expect(try FileDoctor(file).examine().filter(\.isFault) == [])
  }

  @Test("finds the episode without an instruction in a ManiSkill file")
  func maniskill() throws {
    let file = try DemonstrationFile(
      opening: demonstrationFixture("trajectory.rgb.pd_ee_delta_pose.cpu.h5"))
    let faults = try FileDoctor(file).examine().filter(\.isFault)
    #expect(faults.map(\.check) == [.instructions])
    #expect(faults.first?.episode == "traj_1")
  }
}
