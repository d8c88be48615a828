internal import TensorMath

/// A named shape of a policy.
package enum Preset: String, CaseIterable, Sendable {
  /// For tests: two towers, six layers, every kind of router.
  case tiny
  /// The small policy: one tower, twelve layers, about five million parameters.
  case nano
  /// OpenVLA-7B's shape and tensor names, action tokens.
  case openVLA7B = "openvla-7b"
  /// The same with a STAR router, as MoLe-VLA puts it before OpenVLA's decoder.
  case moleOpenVLA7B = "mole-openvla-7b"
  /// CogACT-Base's shape and tensor names: the same with a DiT-B head and a STAR router.
  case cogACTBase = "cogact-base"

  /// - Throws: `PolicyError.unknownPreset`.
  package init(named name: String) throws {
    guard let preset = Preset(rawValue: name) else { throw PolicyError.unknownPreset(name) }
    self = preset
  }

  /// The vocabulary of the tokenizer that a small preset trains; `nil` for the 7-billion-parameter
  /// presets, which need Llama-2's own tokenizer.
  package var tokenizerSize: Int? {
    switch self {
    case .tiny: 384
    case .nano: 448
    case .openVLA7B, .moleOpenVLA7B, .cogACTBase: nil
    }
  }

  /// - Parameter suffixIDs: The ids of "▁" and of the end of sequence.
  package func configuration(suffixIDs: [Int] = [29871, 2]) -> Configuration {
    switch self {
    case .tiny: .tiny(suffixIDs: suffixIDs)
    case .nano: .nano(suffixIDs: suffixIDs)
    case .openVLA7B: .openVLA7B(suffixIDs: suffixIDs)
    case .moleOpenVLA7B: .moleOpenVLA7B(suffixIDs: suffixIDs)
    case .cogACTBase: .cogACTBase(suffixIDs: suffixIDs)
    }
  }
}

extension Configuration {
  fileprivate static func tiny(suffixIDs: [Int]) -> Configuration {
    Configuration(
      modelType: modelType, formatVersion: 1, layout: .cogact,
      image: ImageConfiguration(size: 28, resize: .naive, camera: "front"),
      towers: [
        .dino(width: 32, depth: 3, heads: 4, mlpWidth: 64, patchSize: 7, name: "dino_featurizer"),
        .siglip(
          width: 24, depth: 2, heads: 2, mlpWidth: 48, patchSize: 7,
          name: "siglip_featurizer"),
      ],
      projector: ProjectorConfiguration(hiddenWidth: 224),
      language: LanguageConfiguration(
        width: 64, depth: 6, heads: 4, keyValueHeads: 4, mlpWidth: 96, vocabularySize: 384,
        ropeTheta: 10000, rmsNormEpsilon: 1e-5),
      prompt: PromptConfiguration(suffixIds: suffixIDs),
      router: .star(width: 16, spatialWidth: 8, heads: 2, keep: 3),
      mixtureOfDepths: MixtureOfDepthsConfiguration(gate: .sigmoid),
      earlyExit: EarlyExitConfiguration(interval: 2),
      actionHead: .diffusion(.dit(width: 32, depth: 2, heads: 4)))
  }

  fileprivate static func nano(suffixIDs: [Int]) -> Configuration {
    var tower = TowerConfiguration.siglip(
      width: 128, depth: 5, heads: 4, mlpWidth: 512, patchSize: 16, name: "siglip_featurizer")
    // About those of the simulated tasks' pictures: a tower that starts from nothing learns from
    // them a third faster than from SigLIP's.
    tower.mean = [0.47, 0.47, 0.47]
    tower.std = [0.16, 0.16, 0.16]
    return Configuration(
      modelType: modelType, formatVersion: 1, layout: .cogact,
      image: ImageConfiguration(size: 128, resize: .naive, camera: "front"), towers: [tower],
      projector: ProjectorConfiguration(hiddenWidth: 256),
      language: LanguageConfiguration(
        width: 128, depth: 12, heads: 4, keyValueHeads: 4, mlpWidth: 352, vocabularySize: 512,
        ropeTheta: 10000, rmsNormEpsilon: 1e-5),
      prompt: PromptConfiguration(suffixIds: suffixIDs),
      router: .star(width: 48, spatialWidth: 24, heads: 4, keep: 6),
      mixtureOfDepths: MixtureOfDepthsConfiguration(gate: .sigmoid),
      earlyExit: EarlyExitConfiguration(interval: 2),
      actionHead: .diffusion(.dit(width: 192, depth: 4, heads: 6, chunk: 2)))
  }

  fileprivate static func openVLA7B(suffixIDs: [Int]) -> Configuration {
    var configuration = cogACTBase(suffixIDs: suffixIDs)
    configuration.layout = .openvla
    configuration.towers[0].name = "featurizer"
    configuration.towers[1].name = "fused_featurizer"
    configuration.language.rmsNormEpsilon = 1e-6
    configuration.router = nil
    configuration.mixtureOfDepths = nil
    configuration.actionHead = .tokens(
      ActionTokenConfiguration(binCount: 256, tokenCount: 7, firstUnusedId: 32000))
    return configuration
  }

  fileprivate static func moleOpenVLA7B(suffixIDs: [Int]) -> Configuration {
    var configuration = openVLA7B(suffixIDs: suffixIDs)
    configuration.router = cogACTBase(suffixIDs: suffixIDs).router
    return configuration
  }

  fileprivate static func cogACTBase(suffixIDs: [Int]) -> Configuration {
    Configuration(
      modelType: modelType, formatVersion: 1, layout: .cogact,
      image: ImageConfiguration(size: 224, resize: .naive, camera: "front"),
      towers: [
        .dino(
          width: 1024, depth: 24, heads: 16, mlpWidth: 4096, patchSize: 14,
          name: "dino_featurizer"),
        .siglip(
          width: 1152, depth: 27, heads: 16, mlpWidth: 4304, patchSize: 14,
          name: "siglip_featurizer"),
      ],
      projector: ProjectorConfiguration(hiddenWidth: 8704),
      language: LanguageConfiguration(
        width: 4096, depth: 32, heads: 32, keyValueHeads: 32, mlpWidth: 11008,
        vocabularySize: 32064, ropeTheta: 10000, rmsNormEpsilon: 1e-5),
      prompt: PromptConfiguration(suffixIds: suffixIDs),
      router: .star(width: 1024, spatialWidth: 512, heads: 8, keep: 16),
      mixtureOfDepths: nil,
      earlyExit: EarlyExitConfiguration(interval: 2),
      actionHead: .diffusion(.dit(width: 768, depth: 12, heads: 12)))
  }
}

extension TowerConfiguration {
  fileprivate static func dino(
    width: Int, depth: Int, heads: Int, mlpWidth: Int, patchSize: Int, name: String
  ) -> TowerConfiguration {
    TowerConfiguration(
      name: name, width: width, depth: depth, heads: heads, mlpWidth: mlpWidth,
      patchSize: patchSize, classToken: true, registerCount: 4, layerScale: true,
      featureBlock: depth - 2, normEpsilon: 1e-6, activation: .gelu,
      mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
  }

  fileprivate static func siglip(
    width: Int, depth: Int, heads: Int, mlpWidth: Int, patchSize: Int, name: String
  ) -> TowerConfiguration {
    TowerConfiguration(
      name: name, width: width, depth: depth, heads: heads, mlpWidth: mlpWidth,
      patchSize: patchSize, classToken: false, registerCount: 0, layerScale: false,
      featureBlock: max(0, depth - 2), normEpsilon: 1e-6, activation: .gelu,
      mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5])
  }
}

extension RouterConfiguration {
  fileprivate static func star(
    width: Int, spatialWidth: Int, heads: Int, keep: Int
  ) -> RouterConfiguration {
    RouterConfiguration(
      width: width, spatialWidth: spatialWidth, heads: heads, feedForwardWidth: 2 * width,
      keep: keep, input: .embeddings, sharpnessToken: .first)
  }
}

extension DiffusionConfiguration {
  fileprivate static func dit(
    width: Int, depth: Int, heads: Int, chunk: Int = 16
  ) -> DiffusionConfiguration {
    DiffusionConfiguration(
      width: width, depth: depth, heads: heads, chunk: chunk, diffusionSteps: 100,
      samplingSteps: 10, guidance: 1.5)
  }
}
