import Demonstrations
import Foundation
import Manipulation
import Testing

@Suite("mole demos")
struct DemosCommandTests {
  @Test("sample makes files that inspect and doctor find in order")
  func sample() throws {
    try withWorkplace { place in
      let output = try place.expectFine(["demos", "sample", "-o", "sample", "--episodes", "5"])
      #expect(
        output.hasSuffix(
          "sample/pick_up_block.hdf5\n\(place.url("sample/push_button.hdf5").path)\n"))
      let json = try place.expectFine(["demos", "inspect", "sample/push_button.hdf5", "--json"])
      let inspection = try JSONDecoder().decode(Inspected.self, from: Data(json.utf8))
      #expect(inspection.schema == "mole-1")
      #expect(inspection.task == "push_button")
      #expect(inspection.episodeCount == 5)
      #expect(inspection.masks == ["train": 4, "valid": 1])
      let health = try place.expectFine(["demos", "doctor", "sample/push_button.hdf5"])
      #expect(health.contains("nothing is wrong"))
      try place.expectRefusal(
        ["demos", "sample", "-o", "sample"], exitCode: 73, containing: "exists already", "again")
      try place.expectFine(["demos", "sample", "-o", "sample", "--force", "--episodes", "1"])
    }
  }

  private struct Inspected: Decodable {
    var schema: String
    var task: String
    var episodeCount: Int
    var masks: [String: Int]

    private enum CodingKeys: String, CodingKey {
      case schema
      case task
      case episodeCount = "episode_count"
      case masks
    }
  }

  @Test("inspect writes a contact sheet and the statistics, and shows what the file holds")
  func inspect() throws {
    try withWorkplace { place in
      let output = try place.expectFine([
        "demos", "inspect", "close_jar.hdf5", "--sheet", "sheet.png", "--statistics", "s.json",
      ])
      #expect(output.contains("episodes    3, 9 frames, 6 key frames"))
      #expect(output.contains("obs/front_rgb"))
      #expect(output.contains("close jar 1"))
      let sheet = try Data(contentsOf: place.url("sheet.png"))
      #expect(sheet.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      // Two key frames of 32 x 24 side by side in each of three rows, with gaps.
      let size = sheet[16..<24].map { Int($0) }
      #expect((64...80).contains(size[2] << 8 | size[3]))
      #expect((72...96).contains(size[6] << 8 | size[7]))
      let statistics = try String(contentsOf: place.url("s.json"), encoding: .utf8)
      #expect(statistics.contains("\"q99\""))
    }
  }

  @Test("doctor says what is wrong and ends with 1")
  func doctor() throws {
    try withWorkplace { place in
      try place.copyFixture("DemonstrationsTests/Fixtures/rlds", as: "rlds")
      try place.expectFine(["demos", "import", "rlds", "rlds", "-o", "random.hdf5"])
      let result = try place.run(["demos", "doctor", "random.hdf5"])
      #expect(result.exitCode == 1)
      #expect(result.messages.isEmpty)
      #expect(result.output.contains("gripper actions lie outside 0...1"))
      let json = try place.run(["demos", "doctor", "random.hdf5", "--json"])
      #expect(json.exitCode == 1)
      #expect(json.output.contains("\"severity\" : \"error\""))
    }
  }

  @Test("import makes a file a task of RLBench's folders, by either rule for key frames")
  func importRLBench() throws {
    try withWorkplace { place in
      try place.copyFixture("DemonstrationsTests/Fixtures/rlbench", as: "rlbench")
      let output = try place.expectFine(["demos", "import", "rlbench", "rlbench", "-o", "out"])
      #expect(output.contains("close_box.hdf5: 4 episodes (0 for validation), 16 frames, 12 key"))
      #expect(output.contains("turn_tap.hdf5: 1 episodes (0 for validation), 4 frames, 3 key"))
      let peract = try place.expectFine([
        "demos", "import", "rlbench", "rlbench/turn_tap", "-o", "tap.hdf5", "--keyframes",
        "peract", "--valid", "0.5",
      ])
      #expect(peract.hasPrefix("tap.hdf5: 1 episodes"))
      let file = try DemonstrationFile(opening: place.url("out/close_box.hdf5"), convention: nil)
      #expect(file.task == "close_box")
      #expect(try file.episode(at: 0, suite: "s", camera: "front").keyframes.count == 3)
    }
  }

  @Test("import reads RLDS by the data set's name, and never replaces a file unasked")
  func importRLDS() throws {
    try withWorkplace { place in
      try place.copyFixture("DemonstrationsTests/Fixtures/rlds", as: "rlds")
      let command = ["demos", "import", "rlds", "rlds", "-o", "out.hdf5"]
      let result = try place.run(command)
      #expect(result.exitCode == 0)
      #expect(
        result.output == "out.hdf5: 4 episodes (1 for validation), 14 frames, 14 key frames\n")
      #expect(result.messages.contains("are taken as 'world-delta+absolute-euler', by its name"))
      try place.expectRefusal(command, exitCode: 73, "again")
      try place.expectFine(command + ["--force"])
    }
  }
}
