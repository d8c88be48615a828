internal import Checkpoints
internal import NeuralLayers

/// Hugging Face's `LlamaConfig`: the configuration of a language model alone, and OpenVLA's
/// `text_config`.
enum LlamaConfiguration {
  static let modelType = "llama"
  /// What transformers fills in for a key that is absent.
  private static let source = "LlamaConfig"

  /// The keys that are read, each once.
  private enum Key {
    static let hiddenSize = "hidden_size"
    static let intermediateSize = "intermediate_size"
    static let layerCount = "num_hidden_layers"
    static let headCount = "num_attention_heads"
    static let keyValueHeadCount = "num_key_value_heads"
    static let headWidth = "head_dim"
    static let vocabularySize = "vocab_size"
    static let normEpsilon = "rms_norm_eps"
    static let ropeTheta = "rope_theta"
    /// transformers 5 keeps base and scaling together here.
    static let ropeParameters = "rope_parameters"
    static let ropeScaling = "rope_scaling"
    static let ropeType = "rope_type"
    static let oldRopeType = "type"
    static let partialRotation = "partial_rotary_factor"
    static let tied = "tie_word_embeddings"
    static let activation = "hidden_act"
    static let attentionBias = "attention_bias"
    static let mlpBias = "mlp_bias"
    static let quantization = "quantization_config"
    /// Not Hugging Face's: `mole checkpoint factorize` adds it.
    static let factorization = "factorization"
    static let modelType = "model_type"
  }

  /// - Parameters:
  ///   - fields: The object that holds LlamaConfig's keys.
  ///   - vocabulary: The tensor whose first side tells the vocabulary where the keys do not.
  /// - Throws: `PolicyError.unsupportedDetail` for what our decoder does not compute.
  static func translate(
    _ fields: PublishedFields, archive: TensorArchive, vocabulary: String, log: inout DetailLog
  ) throws -> LanguageConfiguration {
    try refuseUnsupported(fields)
    func integer(_ key: String, _ standard: Int) throws -> Found<Int> {
      try fields.integer(key) ?? .standard(standard, of: source)
    }
    let width = log.take("language.width", try integer(Key.hiddenSize, 4096))
    let heads = log.take("language.heads", try integer(Key.headCount, 32))
    let scaling = try ropeScaling(fields)
    if let scaling { log.note(scaling, at: "language.rope_scaling") }
    var configuration = LanguageConfiguration(
      width: width, depth: log.take("language.depth", try integer(Key.layerCount, 32)),
      heads: heads,
      keyValueHeads: log.take(
        "language.key_value_heads", try integer(Key.keyValueHeadCount, heads)),
      headWidth: log.take(
        "language.head_width", try integer(Key.headWidth, heads > 0 ? width / heads : 0)),
      mlpWidth: log.take("language.mlp_width", try integer(Key.intermediateSize, 11008)),
      vocabularySize: log.take(
        "language.vocabulary_size",
        try fields.integer(Key.vocabularySize) ?? archive.side(0, of: vocabulary)
          ?? .standard(32000, of: source)),
      ropeTheta: log.take("language.rope_theta", try ropeTheta(fields)),
      ropeScaling: scaling?.value,
      rmsNormEpsilon: log.take(
        "language.rms_norm_epsilon",
        try fields.float(Key.normEpsilon) ?? .standard(1e-6, of: source)),
      tiedEmbeddings: log.take(
        "language.tied_embeddings", try fields.bool(Key.tied) ?? .standard(false, of: source)))
    configuration.factorization = try factorization(fields, log: &log)
    return configuration
  }

  private static func factorization(
    _ fields: PublishedFields, log: inout DetailLog
  ) throws -> FactorizationConfiguration? {
    guard let nested = try fields.nested(Key.factorization) else { return nil }
    guard let experts = try nested.integer("experts"), let topK = try nested.integer("top_k") else {
      throw nested.missing("experts and top_k", expected: "whole numbers")
    }
    guard
      let gate = try nested.string("gate").map({ ExpertRouting.Gate(rawValue: $0.value) }) ?? .hard
    else { throw nested.unsupported("gate", expected: "'hard', 'ste' or 'soft'") }
    let configuration = FactorizationConfiguration(
      experts: experts.value, topK: topK.value, gate: gate,
      scale: try nested.float("scale")?.value ?? 1)
    log.note(
      Found(value: configuration, origin: experts.origin), at: "language.factorization")
    return configuration
  }

  private static func refuseUnsupported(_ fields: PublishedFields) throws {
    try fields.require(Key.modelType, among: [.string("llama")])
    try fields.require(Key.activation, among: ["silu", "swish"])
    try fields.require(Key.attentionBias, among: [false])
    try fields.require(Key.mlpBias, among: [false])
    try fields.requireAbsent(Key.quantization)
    try fields.require(Key.partialRotation, among: [1, .real(1)])
  }

  private static func ropeTheta(_ fields: PublishedFields) throws -> Found<Float> {
    try fields.nested(Key.ropeParameters)?.float(Key.ropeTheta) ?? fields.float(Key.ropeTheta)
      ?? .standard(10000, of: source)
  }

  /// The stretching of rotations, under either generation's key; `nil` for the kind "default".
  private static func ropeScaling(_ fields: PublishedFields) throws -> Found<RopeScaling>? {
    guard
      let nested = try fields.nested(Key.ropeParameters) ?? fields.nested(Key.ropeScaling)
    else { return nil }
    try nested.require(Key.partialRotation, among: [1, .real(1)])
    let typeKey = nested.object.contains(Key.ropeType) ? Key.ropeType : Key.oldRopeType
    let kind = try nested.string(typeKey)
    switch kind?.value {
    case nil, "default": return nil
    case "llama3": break
    default: throw nested.unsupported(typeKey, expected: "'default' or 'llama3'")
    }
    func number(_ key: RopeScaling.CodingKeys) throws -> Float {
      guard let found = try nested.float(key.rawValue) else {
        throw nested.missing(key.rawValue, expected: "a number")
      }
      return found.value
    }
    guard let length = try nested.integer(RopeScaling.CodingKeys.originalLength.rawValue) else {
      throw nested.missing(
        RopeScaling.CodingKeys.originalLength.rawValue, expected: "a whole number")
    }
    let scaling = RopeScaling(
      factor: try number(.factor), lowFrequencyFactor: try number(.lowFrequencyFactor),
      highFrequencyFactor: try number(.highFrequencyFactor), originalLength: length.value)
    return Found(value: scaling, origin: kind?.origin ?? .standard(source))
  }
}
