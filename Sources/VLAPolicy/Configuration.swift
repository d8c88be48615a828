/// Everything that shapes a policy: `config.json`, in snake case.
///
/// The 7-billion-parameter OpenVLA and CogACT layouts and the small policies are the same code
/// with other numbers.
package struct Configuration: Codable, Equatable, Sendable {
  package static let modelType = "mole"

  package var modelType: String
  package var formatVersion: Int
  package var layout: CheckpointLayout
  package var image: ImageConfiguration
  package var towers: [TowerConfiguration]
  package var projector: ProjectorConfiguration
  package var language: LanguageConfiguration
  package var prompt: PromptConfiguration
  /// For a policy that is told where its gripper is and whether it is open.
  package var gripper: GripperConfiguration?
  package var router: RouterConfiguration?
  package var mixtureOfDepths: MixtureOfDepthsConfiguration?
  package var earlyExit: EarlyExitConfiguration?
  /// Layers from the one most worth keeping to the least, for `static:k`, where calibrated.
  package var staticOrder: [Int]?
  package var actionHead: ActionHeadConfiguration

  private enum CodingKeys: String, CodingKey {
    case modelType = "model_type"
    case formatVersion = "format_version"
    case layout
    case image
    case towers
    case projector
    case language
    case prompt
    case gripper
    case router
    case mixtureOfDepths = "mixture_of_depths"
    case earlyExit = "early_exit"
    case staticOrder = "static_order"
    case actionHead = "action_head"
  }
}

/// Which published checkpoint's tensor names are used.
package enum CheckpointLayout: String, CaseIterable, Codable, Sendable {
  case cogact
  /// CogACT's own files, where the projector's names have one more step.
  case cogactPublished = "cogact-published"
  case openvla
  /// A language model alone, by Hugging Face's names.
  case llama
  /// A vision tower alone, by timm's names.
  case timm
}

/// The three-layer GELU projector ("fused-gelu-mlp").
package struct ProjectorConfiguration: Codable, Equatable, Sendable {
  package var hiddenWidth: Int

  private enum CodingKeys: String, CodingKey {
    case hiddenWidth = "hidden_width"
  }
}

/// What follows the prompt's own text.
package struct PromptConfiguration: Codable, Equatable, Sendable {
  /// Ids after the prompt: "▁" and the end of sequence, whose state is the cognition feature.
  package var suffixIds: [Int]

  private enum CodingKeys: String, CodingKey {
    case suffixIds = "suffix_ids"
  }
}

/// The two-layer GELU projector of the gripper's state.
package struct GripperConfiguration: Codable, Equatable, Sendable {
  package var hiddenWidth: Int

  private enum CodingKeys: String, CodingKey {
    case hiddenWidth = "hidden_width"
  }
}

/// Mixture-of-Depths: a router in each layer that scores the tokens.
package struct MixtureOfDepthsConfiguration: Codable, Equatable, Sendable {
  package var gate: Gate

  /// How a chosen token's score enters its state.
  package enum Gate: String, CaseIterable, Codable, Sendable {
    /// The layer's contribution is weighted by the sigmoid of the token's score.
    case sigmoid
    /// The layer's contribution is added whole.
    case one
  }
}

/// DeeR's exits.
package struct EarlyExitConfiguration: Codable, Equatable, Sendable {
  /// An exit after every so many layers.
  package var interval: Int
  /// One threshold an exit but the last, where calibrated.
  package var thresholds: [Float]?
}

/// How actions are read from the language model.
package enum ActionHeadConfiguration: Equatable, Sendable {
  case diffusion(DiffusionConfiguration)
  case tokens(ActionTokenConfiguration)
}

/// CogACT's DiT with DDIM sampling and classifier-free guidance.
package struct DiffusionConfiguration: Codable, Equatable, Sendable {
  package var width: Int
  package var depth: Int
  package var heads: Int
  /// The number of actions in a chunk.
  package var chunk: Int
  package var diffusionSteps: Int
  package var samplingSteps: Int
  /// 1 or less switches guidance off.
  package var guidance: Float
  /// What the noise that sampling starts from is multiplied by; standard normal, as CogACT has it, when
  /// not given. From 0 a policy answers the middle of what it thinks likely, always the same.
  package var noiseScale: Float?

  private enum CodingKeys: String, CodingKey {
    case width
    case depth
    case heads
    case chunk
    case diffusionSteps = "diffusion_steps"
    case samplingSteps = "sampling_steps"
    case guidance
    case noiseScale = "noise_scale"
  }
}

/// OpenVLA's discrete action tokens.
package struct ActionTokenConfiguration: Codable, Equatable, Sendable {
  package var binCount: Int
  package var tokenCount: Int
  /// The token of bin d is `firstUnusedId - d`.
  package var firstUnusedId: Int

  package init(binCount: Int, tokenCount: Int, firstUnusedId: Int) {
    self.binCount = binCount
    self.tokenCount = tokenCount
    self.firstUnusedId = firstUnusedId
  }

  private enum CodingKeys: String, CodingKey {
    case binCount = "bin_count"
    case tokenCount = "token_count"
    case firstUnusedId = "first_unused_id"
  }
}

extension ActionHeadConfiguration: Codable {
  private enum CodingKeys: String, CodingKey { case kind }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(String.self, forKey: .kind) {
    case "diffusion": self = .diffusion(try DiffusionConfiguration(from: decoder))
    case "tokens": self = .tokens(try ActionTokenConfiguration(from: decoder))
    case let kind:
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "the action head '\(kind)' is neither 'diffusion' nor 'tokens'")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .diffusion(let configuration):
      try container.encode("diffusion", forKey: .kind)
      try configuration.encode(to: encoder)
    case .tokens(let configuration):
      try container.encode("tokens", forKey: .kind)
      try configuration.encode(to: encoder)
    }
  }
}
