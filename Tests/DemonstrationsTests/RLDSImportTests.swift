import Demonstrations
import Failures
import Foundation
import HDF5Files
import Manipulation
import Testing

/// What the generator knows of an episode.
private struct ExpectedSteps: Decodable {
  var instruction: String
  var actions: [[Double]]
  var proprio: [[Double]]
  var quaternions: [[Double]]
  var deltaEuler: [[Double]]
  var firstPixels: [UInt8]
}

struct RLDSImportTests {
  private func episodes(_ importer: RLDSImporter) throws -> [(RecordedDemonstration, String)] {
    var found: [(RecordedDemonstration, String)] = []
    try importer.forEachEpisode { found.append(($0, $1)) }
    return found
  }

  @Test("episodes of all shards and splits have the generator's values")
  func values() throws {
    let importer = try RLDSImporter(folder: ImportFixture.url("rlds"))
    #expect(importer.name == "rlbench" && importer.convention == .native)
    #expect(importer.episodeCount == 4 && importer.absentSplits.isEmpty)
    let expected: [ExpectedSteps] = try ImportFixture.json("rlds.json")
    let found = try episodes(importer)
    #expect(found.map(\.1) == ["train", "train", "train", "val"])
    for ((episode, _), truth) in zip(found, expected) {
      #expect(episode.instruction == truth.instruction && episode.source == "rlds:rlbench")
      #expect(episode.frames.count == truth.actions.count)
      #expect(episode.frames.first?.observation.images["front"]?.pixels == truth.firstPixels)
      #expect(episode.frames.count { $0.isKeyframe } == truth.actions.count)
      for (step, frame) in episode.frames.enumerated() {
        #expect(agree(frame.action.vector.map(Double.init), truth.actions[step], within: 1e-7))
        let quaternion = try #require(frame.observation.gripperPose).rotation.quaternionXYZW
        let cosine = zip(0..<4, truth.quaternions[step]).reduce(0) { $0 + quaternion[$1.0] * $1.1 }
        #expect(abs(abs(cosine) - 1) < 1e-12)
      }
    }
  }

  @Test("rotation deltas become the absolute angles of delta times state")
  func deltas() throws {
    let importer = try RLDSImporter(folder: ImportFixture.url("rlds"), convention: .deltas)
    let expected: [ExpectedSteps] = try ImportFixture.json("rlds.json")
    for ((episode, _), truth) in zip(try episodes(importer), expected) {
      for (step, frame) in episode.frames.enumerated() {
        let angles = frame.action.eulerAngles
        #expect(agree([angles.x, angles.y, angles.z], truth.deltaEuler[step], within: 1e-6))
      }
    }
  }

  @Test("the set's validation split is kept")
  func masks() throws {
    try ImportFixture.withFolder { folder in
      let url = folder.appendingPathComponent("out.hdf5")
      let importer = try RLDSImporter(folder: ImportFixture.url("rlds"))
      let files = try importer.importAll(
        to: url, division: .whole(task: nil), validShare: 0.5, seed: 1, replacing: false,
        progress: { _ in })
      let summary = try #require(files.first)
      #expect(summary.episodeCount == 4 && summary.validCount == 1)
      #expect(summary.task == "rlbench" && summary.frameCount == 2 + 3 + 4 + 5)
      let held = try HDF5File(reading: url).readStrings("mask/valid")
      #expect(held == ["demo_3"])
    }
  }

  @Test("a set can be divided into a file an instruction")
  func byInstruction() throws {
    try ImportFixture.withFolder { folder in
      let importer = try RLDSImporter(folder: ImportFixture.url("rlds"))
      let instructions = try episodes(importer).map(\.0.instruction)
      let files = try importer.importAll(
        to: folder, division: .byInstruction, validShare: 0, seed: 1, replacing: false,
        progress: { _ in })
      #expect(files.count == Set(instructions).count)
      #expect(files.reduce(0) { $0 + $1.episodeCount } == instructions.count)
      for file in files {
        let read = try DemonstrationFile(opening: file.url)
        #expect(read.task == file.task && file.url.lastPathComponent == "\(file.task).hdf5")
        let found = try (0..<read.episodeCount).map {
          try read.episode(at: $0, suite: "s").instruction
        }
        #expect(Set(found).count == 1)
      }
    }
  }

  @Test("a data set of an unknown name needs to be told what its actions mean")
  func unknownName() throws {
    try ImportFixture.withCopy(of: "rlds") { folder in
      try replace("\"rlbench\"", with: "\"kitchen\"", in: folder, "dataset_info.json")
      #expect(throws: ImportError.unknownActions(dataset: "kitchen")) {
        try RLDSImporter(folder: folder)
      }
      #expect(RLDSImporter.convention(ofDataset: "bridge_dataset") == .deltas)
    }
  }

  @Test("a name that leads out of the folder is refused")
  func escapingName() throws {
    try ImportFixture.withCopy(of: "rlds") { folder in
      try replace("\"rlbench\"", with: "\"../rlds/rlbench\"", in: folder, "dataset_info.json")
      #expect(throws: ImportError.badName("../rlds/rlbench", of: "a data set")) {
        try RLDSImporter(folder: folder)
      }
    }
  }

  @Test("the pictures and states of other names are asked for by name")
  func namedKeys() throws {
    let folder = try ImportFixture.url("rlds")
    #expect(throws: ImportError.self) { try RLDSImporter(folder: folder, image: "image_3") }
    #expect(throws: ImportError.self) { try RLDSImporter(folder: folder, state: "joints") }
    #expect(throws: Never.self) {
      try RLDSImporter(folder: folder, image: "image", state: "proprio")
    }
  }

  private static let bridge = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/data/bridge_rlds").standardizedFileURL

  @Test(
    "the real Bridge set has 25 episodes of 10 steps",
    .enabled(if: FileManager.default.fileExists(atPath: bridge.path)))
  func realBridge() throws {
    let importer = try RLDSImporter(folder: RLDSImportTests.bridge)
    #expect(importer.convention == .deltas && importer.absentSplits == ["val"])
    let found = try episodes(importer)
    #expect(found.count == 25 && found.allSatisfy { $0.0.frames.count == 10 })
    #expect(found[0].0.instruction == "put cup from counter or drying rack into sink")
    for (episode, _) in found {
      let picture = try #require(episode.frames[0].observation.images["front"])
      #expect(picture.width == 64 && picture.height == 64)
      // A step of this arm is small.
      #expect(episode.frames.allSatisfy { abs($0.action.translation.x) < 0.2 })
    }
  }
}

private func replace(_ text: String, with other: String, in folder: URL, _ file: String) throws {
  let url = folder.appendingPathComponent(file)
  let content = try String(contentsOf: url, encoding: .utf8)
  try Data(content.replacingOccurrences(of: text, with: other).utf8).write(to: url)
}

struct DamagedRLDSImportTests {
  private static let shard = "rlbench-train.tfrecord-00000-of-00002"

  /// Imports a copy whose first shard is damaged and gives the error.
  private func error(damaging damage: (inout [UInt8]) -> Void) throws -> ImportError {
    try ImportFixture.withCopy(of: "rlds") { folder in
      let url = folder.appendingPathComponent(DamagedRLDSImportTests.shard)
      var bytes = [UInt8](try Data(contentsOf: url))
      damage(&bytes)
      try Data(bytes).write(to: url)
      let importer = try RLDSImporter(folder: folder)
      let out = folder.appendingPathComponent("out.hdf5")
      let error = #expect(throws: ImportError.self) {
        try importer.importAll(
          to: out, division: .whole(task: nil), validShare: 0, seed: 0, replacing: false,
          progress: { _ in })
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.allSatisfy { !$0.hasPrefix("out") }, "something half-written is left")
      return try #require(error)
    }
  }

  @Test("a wrong checksum of length or data is an error that names the record")
  func checksums() throws {
    let data = try error { $0[40] ^= 1 }
    #expect(data.fault == .wrongDataChecksum && data.description.contains("Record 0 (from 0) of"))
    let length = try error { $0[0] ^= 1 }
    #expect(length.fault == .wrongLengthChecksum)
  }

  @Test("a truncated shard is an error wherever it ends")
  func truncations() throws {
    let count = try ImportFixture.bytes("rlds/\(DamagedRLDSImportTests.shard)").count
    for keep in [1, 11, 12, 15, 100, count - 5, count - 1] {
      let fault = try error { $0.removeLast($0.count - keep) }.fault
      switch fault {
      case .truncated, .tooLong: break
      default: Issue.record("\(keep) bytes give \(String(describing: fault))")
      }
    }
  }

  @Test("a shard with fewer records than described is an error")
  func missingRecords() throws {
    let fault = try error { $0 = [] }.fault
    #expect(fault == .missingRecords(found: 0, expected: 2))
  }

  @Test("a record that lies about its length is refused before it is read")
  func lyingLength() throws {
    // A length of 2^40 with its right checksum, from an independent implementation.
    let header: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 0] + ImportFixture.checksumOfLargeLength
    let fault = try error { $0.replaceSubrange(0..<12, with: header) }.fault
    guard case .tooLong(1 << 40, _) = fault else {
      Issue.record("\(String(describing: fault))")
      return
    }
  }

  @Test("descriptions that are missing or wrong are errors")
  func descriptions() throws {
    try ImportFixture.withCopy(of: "rlds") { folder in
      let features = folder.appendingPathComponent("features.json")
      for text in ["", "[]", "{}", "{\"featuresDict\": 3}", "{\"featuresDict\":{\"features\":{}}}"]
      {
        try Data(text.utf8).write(to: features)
        let error = #expect(throws: ImportError.self) { try RLDSImporter(folder: folder) }
        #expect(error?.kind == .badData, "\(text)")
      }
      try FileManager.default.removeItem(at: features)
      let error = #expect(throws: ImportError.self) { try RLDSImporter(folder: folder) }
      #expect(error?.kind == .missingInput)
    }
  }

  @Test("numbers of records that cannot be counted together are refused")
  func impossibleLengths() throws {
    try ImportFixture.withCopy(of: "rlds") { folder in
      let text = """
        {"name": "bridge", "splits": [{"name": "train", "shardLengths":
        ["9223372036854775807", "9223372036854775807"]}]}
        """
      try Data(text.utf8).write(to: folder.appendingPathComponent("dataset_info.json"))
      let error = #expect(throws: ImportError.self) { try RLDSImporter(folder: folder) }
      guard case .badMetadata = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}

extension ImportError {
  fileprivate var fault: RecordFault? {
    if case .badRecord(_, _, let fault) = self { fault } else { nil }
  }
}
