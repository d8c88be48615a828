import Demonstrations
import Failures
import Foundation
import Manipulation
import Synchronization
import Testing
import Training
import VLAPolicy

@Suite("Demonstrations in memory")
struct DemonstrationSetTests {
  private func read(_ files: [URL], mask: DemonstrationMask = .train) throws -> DemonstrationSet {
    try DemonstrationSet(reading: files, mask: mask, for: TinyPolicy.configuration)
  }

  private func refusal(of files: [URL]) -> (kind: FailureKind, text: String)? {
    complaint { _ = try read(files) }
  }

  @Test("each mask's episodes are read, in the files' order, with pictures of key frames alone")
  func masks() throws {
    try inFolder { folder in
      let files = [
        try SmallDemonstrations.write(folder, task: "push", steps: [2, 3, 4]),
        try SmallDemonstrations.write(folder, task: "lift", steps: [5, 1], instruction: "lift it"),
      ]
      let train = try read(files)
      #expect(train.tasks == ["push", "lift"])
      #expect(train.episodes.map(\.task) == [0, 0, 1])
      #expect(train.episodes.map(\.pictures.count) == [2, 3, 5])
      #expect(train.episodes[2].recording.instruction == "lift it")
      #expect(train.keyframeCount == 10)
      #expect(train.episodes[0].recording.keyframes[0].observation.images.isEmpty)
      let valid = try read(files, mask: .valid)
      #expect(valid.episodes.map(\.pictures.count) == [4, 1])
    }
  }

  @Test("reading says how many pictures there are, what they take, and when all is read")
  func progress() throws {
    try inFolder { folder in
      let file = try SmallDemonstrations.write(folder, steps: [2, 3, 4])
      let seen = Mutex<[LoadingProgress]>([])
      _ = try DemonstrationSet(
        reading: [file], mask: .train, for: TinyPolicy.configuration
      ) { step in seen.withLock { $0.append(step) } }
      let steps = seen.withLock { $0 }
      #expect(steps.map(\.episodesDone) == [0, 1, 2])
      #expect(steps.allSatisfy { $0.pictureCount == 5 && $0.byteCount == 5 * 28 * 28 * 3 })
    }
  }

  @Test("a file's limit takes its first episodes")
  func limit() throws {
    try inFolder { folder in
      let file = try SmallDemonstrations.write(folder, steps: [2, 3, 4])
      let set = try DemonstrationSet(
        reading: [file], mask: .train, for: TinyPolicy.configuration, limit: 1)
      #expect(set.episodes.map(\.pictures.count) == [2])
    }
  }

  @Test("what cannot be learnt from is refused in a sentence")
  func refusals() throws {
    try inFolder { folder in
      #expect(refusal(of: [])?.text.contains("--demos") == true)

      let wrist = try SmallDemonstrations.write(
        folder, task: "wrist", steps: [1, 1], camera: "wrist")
      let camera = refusal(of: [wrist])
      #expect(camera?.kind == .missingInput)
      #expect(camera?.text.contains("no camera 'front'; it has 'wrist'") == true)

      let unsplit = try SmallDemonstrations.write(folder, task: "all", steps: [1], valid: 1)
      let empty = refusal(of: [unsplit])
      #expect(empty?.kind == .badData)
      #expect(empty?.text.contains("mask/train") == true)

      let text = folder.appending(path: "notes.hdf5")
      try Data("these are no demonstrations".utf8).write(to: text)
      #expect(refusal(of: [text])?.kind == .badData)

      let missing = folder.appending(path: "none.hdf5")
      #expect(refusal(of: [missing])?.kind == .missingInput)
    }
  }

  @Test(
    "files of other make are refused in a sentence",
    arguments: [
      ("wide_actions.hdf5", "(frames, 7)"), ("no_masks.hdf5", "no episodes marked 'mask/train'"),
      ("infinite_action.hdf5", "not a finite number"), ("flat_pictures.hdf5", "front_rgb"),
    ])
  func foreign(name: String, words: String) throws {
    let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    let found = refusal(of: [fixtures.appending(path: name)])
    #expect(found?.kind == .badData)
    #expect(found?.text.contains(words) == true, "\(found?.text ?? "nothing")")
  }

  @Test("towers that pad pictures differently cannot share one")
  func paddings() throws {
    var configuration = TinyPolicy.configuration
    configuration.image.resize = .letterbox
    try inFolder { folder in
      let file = try SmallDemonstrations.write(folder, steps: [1, 1])
      let found = complaint {
        _ = try DemonstrationSet(reading: [file], mask: .train, for: configuration)
      }
      #expect(found?.text.contains("image.resize") == true)
    }
  }
}
