internal import Manipulation

/// The tensors of the decoder, by Hugging Face's names.
struct DecoderKeys: Sendable {
  let embedding: TensorKey
  let layers: [DecoderLayerKeys]
  let finalNorm: TensorKey
  /// Absent where the action head reads hidden states; the embedding itself where they are tied.
  let head: LinearKey?
  /// Whether `head` reads the embedding's tensor, so that one copy serves both.
  let sharesEmbedding: Bool

  init(_ configuration: Configuration) {
    let scoresTokens = if case .tokens = configuration.actionHead { true } else { false }
    self.init(
      configuration.language, prefix: configuration.layout.languagePrefix,
      scoresTokens: scoresTokens)
  }

  /// - Parameter scoresTokens: Whether the next token's scores are asked for.
  init(_ language: LanguageConfiguration, prefix: String, scoresTokens: Bool) {
    embedding = TensorKey(
      name: prefix + "model.embed_tokens.weight",
      shape: [language.vocabularySize, language.width], start: .normal(1))
    layers = (0..<language.depth).map {
      DecoderLayerKeys(language, prefix: "\(prefix)model.layers.\($0).")
    }
    finalNorm = TensorKey(
      name: prefix + "model.norm.weight", shape: [language.width], start: .constant(1))
    sharesEmbedding = scoresTokens && language.tiedEmbeddings
    head =
      scoresTokens
      ? LinearKey(
        name: prefix + (language.tiedEmbeddings ? "model.embed_tokens" : "lm_head"),
        outputWidth: language.vocabularySize, inputWidth: language.width, hasBias: false) : nil
  }

  var parameters: [Parameter] {
    let headParameters = sharesEmbedding ? nil : head?.parameters(of: .languageHead)
    return embedding.parameters(of: .languageLayers) + layers.flatMap(\.parameters)
      + finalNorm.parameters(of: .languageLayers) + (headParameters ?? [])
  }
}

struct DecoderLayerKeys: Sendable {
  let attentionNorm: TensorKey
  let query: LinearKey
  let key: LinearKey
  let value: LinearKey
  let output: LinearKey
  let feedForwardNorm: TensorKey
  let feedForward: FeedForwardKeys

  init(_ language: LanguageConfiguration, prefix: String) {
    let width = language.width
    func linear(_ name: String, _ output: Int, _ input: Int) -> LinearKey {
      LinearKey(name: prefix + name, outputWidth: output, inputWidth: input, hasBias: false)
    }
    func norm(_ name: String) -> TensorKey {
      TensorKey(name: "\(prefix)\(name).weight", shape: [width], start: .constant(1))
    }
    attentionNorm = norm("input_layernorm")
    query = linear("self_attn.q_proj", language.queryWidth, width)
    key = linear("self_attn.k_proj", language.keyValueWidth, width)
    value = linear("self_attn.v_proj", language.keyValueWidth, width)
    output = linear("self_attn.o_proj", width, language.queryWidth)
    feedForwardNorm = norm("post_attention_layernorm")
    feedForward = FeedForwardKeys(language, prefix: prefix + "mlp.")
  }

  var parameters: [Parameter] {
    attentionNorm.parameters(of: .languageLayers)
      + [query, key, value, output].flatMap { $0.parameters(of: .languageLayers) }
      + feedForwardNorm.parameters(of: .languageLayers) + feedForward.parameters
  }
}

/// The tensors of a decoder layer's feed-forward block: one expert without a router where it is dense.
struct FeedForwardKeys: Sendable {
  struct Expert: Sendable {
    let gate: LinearKey
    let up: LinearKey
    let down: LinearKey

    init(_ language: LanguageConfiguration, neurons: Int, prefix: String) {
      func linear(_ name: String, _ output: Int, _ input: Int) -> LinearKey {
        LinearKey(name: prefix + name, outputWidth: output, inputWidth: input, hasBias: false)
      }
      gate = linear("gate_proj", neurons, language.width)
      up = linear("up_proj", neurons, language.width)
      down = linear("down_proj", language.width, neurons)
    }
  }

  let experts: [Expert]
  let router: LinearKey?
  /// The neurons of the dense block, expert by expert, `[neurons]`: what a factorized checkpoint holds
  /// beside its weights, so that it can be put together again.
  let permutationName: String

  init(_ language: LanguageConfiguration, prefix: String) {
    permutationName = prefix + "permutation"
    guard let factorization = language.factorization else {
      experts = [Expert(language, neurons: language.mlpWidth, prefix: prefix)]
      router = nil
      return
    }
    let neurons = language.mlpWidth / factorization.experts
    experts = (0..<factorization.experts).map {
      Expert(language, neurons: neurons, prefix: "\(prefix)experts.\($0).")
    }
    router = LinearKey(
      name: prefix + "router", outputWidth: factorization.experts, inputWidth: language.width)
  }

  var parameters: [Parameter] {
    experts.flatMap { [$0.gate, $0.up, $0.down] }.flatMap { $0.parameters(of: .languageLayers) }
      + (router?.parameters(of: .router) ?? [])
  }
}

/// The tensors of STAR, by the public code's names.
struct RouterKeys: Sendable {
  let projection: LinearKey
  let spatialHidden: LinearKey
  let spatialOutput: LinearKey
  let jointProjection: LinearKey
  let outputProjection: LinearKey
  let expand: LinearKey
  let contract: LinearKey
  let attentionNorm: NormKey
  let feedForwardNorm: NormKey
  let temporalOutput: LinearKey
  let sharpness: LinearKey
  let sharpnessBias: TensorKey

  init(_ router: RouterConfiguration, configuration: Configuration) {
    let prefix = configuration.layout.routerPrefix
    let layer = prefix + "temporal_router.layers.0."
    let (width, depth) = (router.width, configuration.language.depth)
    let feedForward = router.feedForwardWidth
    func linear(_ name: String, _ output: Int, _ input: Int, bias: Bool = true) -> LinearKey {
      LinearKey(name: name, outputWidth: output, inputWidth: input, hasBias: bias)
    }
    projection = linear(prefix + "base_proj", width, configuration.language.width)
    spatialHidden = linear(prefix + "spatial_router.0", router.spatialWidth, width)
    spatialOutput = linear(prefix + "spatial_router.2", depth, router.spatialWidth, bias: false)
    jointProjection = LinearKey(
      name: layer + "self_attn.in_proj", outputWidth: 3 * width, inputWidth: width,
      separator: "_")
    outputProjection = linear(layer + "self_attn.out_proj", width, width)
    expand = linear(layer + "linear1", feedForward, width)
    contract = linear(layer + "linear2", width, feedForward)
    attentionNorm = NormKey(name: layer + "norm1", width: width)
    feedForwardNorm = NormKey(name: layer + "norm2", width: width)
    temporalOutput = linear(prefix + "time_proj", depth, width, bias: false)
    sharpness = linear(prefix + "temp_controller", 1, width)
    sharpnessBias = TensorKey(name: prefix + "temp_bias", shape: [1], start: .constant(1))
  }

  var parameters: [Parameter] {
    [
      projection, spatialHidden, spatialOutput, jointProjection, outputProjection, expand,
      contract, temporalOutput, sharpness,
    ].flatMap { $0.parameters(of: .router) }
      + attentionNorm.parameters(of: .router) + feedForwardNorm.parameters(of: .router)
      + sharpnessBias.parameters(of: .router)
  }
}

/// The tensors of the plain linear router.
struct LinearRouterKeys: Sendable {
  let scores: LinearKey

  init(_ configuration: Configuration) {
    scores = LinearKey(
      name: configuration.layout.routerPrefix + "linear",
      outputWidth: configuration.language.depth, inputWidth: configuration.language.width)
  }

  var parameters: [Parameter] { scores.parameters(of: .router) }
}

/// One score a token in each layer, for Mixture-of-Depths.
struct DepthRouterKeys: Sendable {
  let layers: [LinearKey]

  init(_ configuration: Configuration) {
    layers = (0..<configuration.language.depth).map { layer in
      LinearKey(
        name: "\(configuration.layout.languagePrefix)model.layers.\(layer).mod_router",
        outputWidth: 1, inputWidth: configuration.language.width, hasBias: false)
    }
  }

  var parameters: [Parameter] { layers.flatMap { $0.parameters(of: .router) } }
}
