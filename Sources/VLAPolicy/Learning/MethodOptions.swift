/// What a training method minimises, and with which amounts; paper-faithful where nothing is said.
package struct MethodOptions: Codable, Equatable, Sendable {
  package var method: LearningMethod
  /// Layers that run (`mole`, `truncate`, `random`, `static`) above 1, else the share of
  /// the layers, or for `mod` of the tokens.
  package var keep: Double
  package var diffusion = DiffusionOptions()
  package var star = STAROptions()
  package var distillation = DistillationOptions()
  package var exits = ExitOptions()
  package var experts = ExpertOptions()

  package init(_ method: LearningMethod, keep: Double = 1) {
    self.method = method
    self.keep = keep
  }

  /// The number of layers that `keep` means.
  func layerCount(depth: Int) -> Int {
    let count = keep > 1 ? keep : keep * Double(depth)
    return min(depth, max(1, Int(count.rounded())))
  }
}

/// The task's loss (MoLe-VLA, equation 6).
package struct DiffusionOptions: Codable, Equatable, Sendable {
  /// Noise draws a sample; the paper's 8.
  package var draws = 8
  /// How often the cognition feature is replaced by the learned nothing, for guidance.
  package var conditionDropout = 0.1
  /// Whether steps after the end of an episode are left out; the public code learns them.
  package var masksPadding = true
  /// The weight of a linear head's error, straight from the cognition feature to the actions: a
  /// clean gradient while the towers learn to see. Not of the paper; 0 leaves it out.
  package var regressionWeight = 0.0
  package var regressionLoss = RegressionLoss.squared
  /// Up to which error Huber's loss is squared, as far as [-1, 1] stands for an action's bounds.
  package var regressionWidth = 0.1
  /// Whether the task's loss reaches what the cognition feature is computed from; else that learns
  /// from the linear head alone, and the diffusion head learns to read it.
  package var trainsFeature = true

  /// How the linear head's errors are weighed.
  package enum RegressionLoss: String, CaseIterable, Codable, Sendable {
    case squared
    /// Huber's: squared up to a width, linear beyond. A few errors that nobody can help, such as an
    /// angle at its cut, do not outweigh the small ones.
    case huber
  }

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case draws
    case conditionDropout = "condition_dropout"
    case masksPadding = "mask_padding"
    case regressionWeight = "regression_weight"
    case regressionLoss = "regression_loss"
    case regressionWidth = "regression_width"
    case trainsFeature = "train_feature"
  }
}

/// How STAR's choice is trained (equations 7 and 12, and the load balance of equation 3).
package struct STAROptions: Codable, Equatable, Sendable {
  /// Whether Gumbel noise is added to the scores, as the paper says; the public code adds none.
  package var gumbel = true
  /// τ of the Gumbel-softmax.
  package var temperature = 1.0
  package var skippedGradient = SkippedGradient.full
  package var balance = Balance.switch
  /// λ3.
  package var balanceWeight = 0.1

  /// Whether the gates of skipped layers learn.
  package enum SkippedGradient: String, CaseIterable, Codable, Sendable {
    /// As equation 7 says: a skipped layer is run, without a way back, for its gate's gradient.
    case full
    /// A skipped layer is not run; its gate learns through the softmax alone.
    case executed
  }

  package enum Balance: String, CaseIterable, Codable, Sendable {
    /// N Σ f P over layers: how often a layer is kept times its mean probability (Switch).
    case `switch`
    /// The mean of mask times probability over samples and layers.
    case publicCode = "public-code"
  }

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case gumbel
    case temperature
    case skippedGradient = "skipped_gradient"
    case balance
    case balanceWeight = "balance_weight"
  }
}

/// Cognition self-distillation (equations 13-18).
package struct DistillationOptions: Codable, Equatable, Sendable {
  /// λ2; 0 switches the distillation and its teacher off.
  package var weight = 0.5
  /// λ1, the reverse divergence's share.
  package var reverseShare = 0.5
  package var mask = Mask.sigmoid
  package var maskScale = MaskScale.none
  package var maskKeys = MaskKeys.student
  /// Whether the student's features go through a learned map μ, as in equation 15.
  package var projects = true

  /// The mask of the tokens of interest.
  package enum Mask: String, CaseIterable, Codable, Sendable {
    /// Equation 14: sigmoid of the product with the cognition token, on the features.
    case sigmoid
    /// Softmax attention over tokens, on the loss of each token.
    case publicCode = "public-code"
    /// All tokens alike (equation 13).
    case none
  }

  /// Whose tokens the teacher's cognition token is compared with.
  package enum MaskKeys: String, CaseIterable, Codable, Sendable {
    /// The teacher's own.
    case own
    /// The student's, as equation 14 is printed, and in the public code.
    case student
  }

  /// What divides the products with the cognition token.
  package enum MaskScale: String, CaseIterable, Codable, Sendable {
    /// √width, so that the sigmoid does not saturate.
    case root = "sqrt"
    /// Nothing, as equation 14 is printed.
    case none
  }

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case weight
    case reverseShare = "reverse_share"
    case mask
    case maskScale = "mask_scale"
    case maskKeys = "mask_keys"
    case projects = "projection"
  }
}

/// How exits are trained (DeeR, NeurIPS 2024).
package struct ExitOptions: Codable, Equatable, Sendable {
  package var sampling = Sampling.both
  /// Key frames of an episode that share an exit where segments are drawn.
  package var segmentLength = 2
  /// The weight of the auxiliary heads' mean loss.
  package var auxiliaryWeight = 0.1

  package enum Sampling: String, CaseIterable, Codable, Sendable {
    /// One exit a sample (DeeR's s1).
    case uniform
    /// One exit a segment of an episode (s2).
    case segments
    /// Every other noise draw by the one and by the other.
    case both
  }

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case sampling
    case segmentLength = "segment_length"
    case auxiliaryWeight = "auxiliary_weight"
  }
}

/// How the routers of factorized feed-forward blocks are trained (FactorLLM's second stage); how many
/// experts a token gets, and what they count, the policy's configuration says.
package struct ExpertOptions: Codable, Equatable, Sendable {
  /// Of the load balance E Σ f P (Switch).
  package var balanceWeight = 0.01
  /// Of the Prior-Approximate loss, for which every expert runs; 0 leaves it out.
  package var priorWeight = 0.0
  /// τ: what the dense answer is multiplied by for the label.
  package var priorShrinking = 1.0

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case balanceWeight = "balance_weight"
    case priorWeight = "prior_weight"
    case priorShrinking = "prior_shrinking"
  }
}

extension DiffusionOptions {
  /// What is not there keeps its default.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.decode(.draws, into: &draws)
    try values.decode(.conditionDropout, into: &conditionDropout)
    try values.decode(.masksPadding, into: &masksPadding)
    try values.decode(.regressionWeight, into: &regressionWeight)
    try values.decode(.regressionLoss, into: &regressionLoss)
    try values.decode(.regressionWidth, into: &regressionWidth)
    try values.decode(.trainsFeature, into: &trainsFeature)
  }
}

extension STAROptions {
  /// What is not there keeps its default.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.decode(.gumbel, into: &gumbel)
    try values.decode(.temperature, into: &temperature)
    try values.decode(.skippedGradient, into: &skippedGradient)
    try values.decode(.balance, into: &balance)
    try values.decode(.balanceWeight, into: &balanceWeight)
  }
}

extension DistillationOptions {
  /// What is not there keeps its default.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.decode(.weight, into: &weight)
    try values.decode(.reverseShare, into: &reverseShare)
    try values.decode(.mask, into: &mask)
    try values.decode(.maskScale, into: &maskScale)
    try values.decode(.maskKeys, into: &maskKeys)
    try values.decode(.projects, into: &projects)
  }
}

extension ExitOptions {
  /// What is not there keeps its default.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.decode(.sampling, into: &sampling)
    try values.decode(.segmentLength, into: &segmentLength)
    try values.decode(.auxiliaryWeight, into: &auxiliaryWeight)
  }
}

extension ExpertOptions {
  /// What is not there keeps its default.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try values.decode(.balanceWeight, into: &balanceWeight)
    try values.decode(.priorWeight, into: &priorWeight)
    try values.decode(.priorShrinking, into: &priorShrinking)
  }
}

extension KeyedDecodingContainer {
  /// Leaves `value` as it is where the key is not there.
  fileprivate func decode<Value: Decodable>(_ key: Key, into value: inout Value) throws {
    if let found = try decodeIfPresent(Value.self, forKey: key) { value = found }
  }
}
