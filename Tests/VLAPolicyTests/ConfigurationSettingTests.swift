import Checkpoints
import Failures
import Foundation
import Images
import Manipulation
import Testing
import VLAPolicy

@Suite struct ConfigurationSettingTests {
  private let tiny = Preset.tiny.configuration(suffixIDs: [5, 2])

  @Test("numbers, names and lists are set at their paths, and nothing else changes")
  func assignments() throws {
    let changed = try tiny.setting([
      "image.center_crop=0.9", "image.resize=letterbox", "language.rms_norm_epsilon=1e-6",
      "towers.0.mean=[0.1, 0.2, 0.3]", "router.input=public", "towers.1.position_grid=5",
    ])
    var expected = tiny
    expected.image.centerCrop = 0.9
    expected.image.resize = .letterbox
    expected.language.rmsNormEpsilon = 1e-6
    expected.towers[0].mean = [0.1, 0.2, 0.3]
    expected.router?.input = .public
    expected.towers[1].positionGrid = 5
    #expect(changed == expected)
  }

  @Test(
    "a path or a value that does not exist is refused",
    arguments: [
      ("image.crop=0.9", "image.crop"), ("towers.7.width=3", "towers.7.width"),
      ("language.width.high=3", "language.width.high"), ("image.center_crop", "key=value"),
      ("=3", "key=value"), ("image.size=large", "image.size"), ("nothing.here=1", "nothing.here"),
      ("image.resize=squeeze", "'naive', 'letterbox' was expected"),
      ("router.input=none", "'final-norm'"),
    ])
  func refusals(setting: String, word: String) {
    let error = #expect(throws: PolicyError.self) { try tiny.setting([setting]) }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    #expect(error?.kind == .usage)
  }

  @Test("a configuration without the newer keys means what it meant before")
  func olderFiles() throws {
    let folder = try CheckpointFolder(try fixture("cogact"))
    let configuration = try folder.policy()
    #expect(configuration.image.centerCrop == 1)
    #expect(configuration.image.statistics == .exact)
    #expect(configuration.language.headWidth == 16)
    #expect(!configuration.language.tiedEmbeddings)
    let origins = Dictionary(
      uniqueKeysWithValues: try folder.details().map { ($0.path, $0.origin.description) })
    #expect(origins["language.width"] == "config.json: language.width")
    #expect(origins["language.head_width"] == "default of mole")
  }

  @Test("the middle of the picture is what a cropping policy sees")
  func centerCrop() throws {
    let reference = try Reference("cogact")
    let pixels = try [1, 0.81].map { share in
      let network = try VLANetwork(
        checkpoint: reference.folder, settings: ["image.center_crop=\(share)"])
      return try reference.run(
        network, selection: DenseSelection(), against: reference.trace("dense")
      ).stages["pixels"]?.values
    }
    #expect(pixels[0] != pixels[1])
    let middle = reference.picture.centerCropped(areaFraction: 0.81)
      .resizedBicubic(width: 28, height: 28)
      .normalizedCHW(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
    #expect(pixels[1].map { Array($0.prefix(middle.count)) } == middle)
  }

  @Test("a configuration survives being written and read")
  func roundTrip() throws {
    var configuration = tiny
    configuration.language.headWidth = 6
    configuration.language.tiedEmbeddings = true
    configuration.towers[0].positionPrefix = true
    configuration.image.statistics = .bf16
    let value = try JSONFile.value(encoding: configuration)
    let read = try JSONFile.decode(
      Configuration.self, from: value, named: "config.json", unknownKeys: .refused)
    #expect(read == configuration)
  }
}
