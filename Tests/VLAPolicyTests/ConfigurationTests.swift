import Failures
import Foundation
import Testing
import VLAPolicy

@Suite struct ConfigurationTests {
  @Test("every preset is valid", arguments: Preset.allCases)
  func presets(preset: Preset) throws {
    try preset.configuration(suffixIDs: [5, 2]).validate(file: "config.json")
  }

  /// Every whole number of a configuration, at every place, replaced by one that overflows what is
  /// calculated with it, that no range can begin or end at, or that is nothing.
  @Test("no number in config.json can stop the program", arguments: [Preset.tiny, .openVLA7B])
  func hostileNumbers(preset: Preset) throws {
    let extremes = [Int.max, Int.max - 1, Int.min, Int.min + 1, Int.max / 2, 1 << 40, -1, 0]
    var configuration = preset.configuration(suffixIDs: [5, 2])
    configuration.staticOrder = Array(0..<configuration.language.depth)
    let document = try JSONSerialization.jsonObject(with: JSONEncoder().encode(configuration))
    for value in extremes {
      for changed in replacingEachInteger(in: document, by: value) {
        let data = try JSONSerialization.data(withJSONObject: changed)
        guard let hostile = try? JSONDecoder().decode(Configuration.self, from: data) else {
          continue
        }
        checkIsUsableOrRefused(hostile)
      }
    }
  }

  @Test("numbers of layers that do not go together are refused with their names")
  func refusals() {
    let changes: [(String, (inout Configuration) -> Void)] = [
      ("language.depth", { $0.language.depth = 0 }),
      ("vocabulary_size", { $0.language.vocabularySize = -5 }),
      ("language.heads", { $0.language.heads = .max }),
      ("even head width", { $0.language.headWidth = 15 }),
      ("even head width", { $0.language.headWidth = .max }),
      ("rope_scaling", { $0.language.ropeScaling = scaling(low: 4, high: 4) }),
      ("center_crop", { $0.image.centerCrop = 0 }),
      ("position_grid", { $0.towers[0].positionGrid = .max }),
      ("no policy's", { $0.layout = .timm }),
      ("early_exit.interval", { $0.earlyExit?.interval = .max }),
      ("static_order", { $0.staticOrder = [0, 0, 1, 2, 3, 4] }),
      ("same name", { $0.towers[1].name = $0.towers[0].name }),
      ("patches", { ($0.image.size, $0.towers[0].patchSize) = (2048, 1) }),
      ("mean and std", { $0.towers[0].mean[0] = .infinity }),
      ("mean and std", { $0.towers[0].std[2] = .nan }),
      ("sampling_steps", { $0.actionHead = .diffusion(steps(.max, of: 100)) }),
      ("diffusion_steps", { $0.actionHead = .diffusion(steps(1, of: .max)) }),
    ]
    for (part, change) in changes {
      var configuration = Preset.tiny.configuration(suffixIDs: [5, 2])
      change(&configuration)
      let error = #expect(throws: PolicyError.self) { try configuration.validate(file: "c") }
      #expect(error?.kind == .badData)
      #expect(error?.description.contains(part) == true, "\(part): \(error?.description ?? "")")
    }
  }

  private func scaling(low: Float, high: Float) -> RopeScaling {
    RopeScaling(
      factor: 8, lowFrequencyFactor: low, highFrequencyFactor: high, originalLength: 32)
  }

  private func steps(_ sampling: Int, of all: Int) -> DiffusionConfiguration {
    guard case .diffusion(var head) = Preset.tiny.configuration().actionHead else {
      preconditionFailure("the tiny preset has a diffusion head")
    }
    (head.samplingSteps, head.diffusionSteps) = (sampling, all)
    return head
  }

  /// What passes must survive the arithmetic that inspection does on it.
  private func checkIsUsableOrRefused(_ configuration: Configuration) {
    do {
      try configuration.validate(file: "config.json")
    } catch {
      #expect(error is PolicyError)
      return
    }
    let costs = configuration.partCosts(textTokenCount: 1024)
    #expect(costs.allSatisfy { $0.parameterCount >= 0 && $0.multiplyAccumulates >= 0 })
  }

  private func replacingEachInteger(in value: Any, by extreme: Int) -> [Any] {
    switch value {
    case let object as [String: Any]:
      return object.keys.sorted().flatMap { key -> [Any] in
        replacingEachInteger(in: object[key] ?? 0, by: extreme).map { changed -> Any in
          object.merging([key: changed]) { $1 }
        }
      }
    case let list as [Any]:
      return list.indices.flatMap { index -> [Any] in
        replacingEachInteger(in: list[index], by: extreme).map { changed -> Any in
          list.enumerated().map { $0.offset == index ? changed : $0.element }
        }
      }
    case is String, is Bool: return []
    default: return [extreme]
    }
  }
}
