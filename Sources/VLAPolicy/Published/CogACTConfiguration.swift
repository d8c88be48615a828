internal import Checkpoints

/// CogACT's and MoLe-VLA's folder: config.json of the training run, dataset_statistics.json and
/// checkpoints/*.pt.
///
/// The file of the run names the backbone; what the network is made of stands in the tensors'
/// shapes.
enum CogACTConfiguration {
  private static let source = "CogACT"

  /// The keys of config.json that are read, each once.
  enum Key {
    static let run = "vla"
    static let backbone = "base_vlm"
    /// As the run's file has it where it is flat.
    static let flatBackbone = "vla.base_vlm"
    static let headKind = "action_model_type"
    static let pastWindow = "past_action_window_size"
    static let futureWindow = "future_action_window_size"
  }

  private static let backboneName = "prism-dinosiglip-224px"

  /// Attention heads of the diffusion transformers, by their names; width and depth are shapes.
  private static let heads = ["DiT-S": 4, "DiT-B": 12, "DiT-L": 16]
  private static let nameByWidth = [384: "DiT-S", 768: "DiT-B", 1024: "DiT-L"]

  static func translate(_ folder: inout PublishedFolder) throws -> Configuration {
    try checkBackbone(folder.fields)
    let layout = layout(of: folder.archive)
    let image = ImageConfiguration(
      size: folder.log.take("image.size", .standard(224, of: backboneName)),
      resize: folder.log.take("image.resize", .standard(.naive, of: backboneName)),
      camera: "front")
    let language = try language(&folder)
    return Configuration(
      modelType: Configuration.modelType, formatVersion: 1, layout: layout, image: image,
      towers: try towers(image: image, &folder),
      projector: ProjectorConfiguration(
        hiddenWidth: folder.log.take(
          "projector.hidden_width",
          try folder.archive.requiredSide(
            0, of: layout.projectorNames[0] + ".weight", dimensions: 2))),
      language: language,
      prompt: PromptConfiguration(
        suffixIds: try folder.suffixIDs(
          withEnd: true, vocabularySize: language.vocabularySize)),
      router: try folder.publishedRouter(layout: .cogact, depth: language.depth),
      earlyExit: EarlyExitConfiguration(interval: 2),
      actionHead: .diffusion(try diffusionHead(&folder)))
  }

  /// Published files nest the projector's names within its part; flattened by hand they may not.
  private static func layout(of archive: TensorArchive) -> CheckpointLayout {
    let flat = CheckpointLayout.cogact
    return archive.contains(flat.projectorNames[0] + ".weight") ? flat : .cogactPublished
  }

  /// The backbone's name, or a path that ends in it.
  private static func checkBackbone(_ fields: PublishedFields) throws {
    let nested = try fields.nested(Key.run)
    let (speaker, key) = nested.map { ($0, Key.backbone) } ?? (fields, Key.flatBackbone)
    let name = try speaker.string(key)?.value.split(separator: "/").last ?? ""
    guard name.hasPrefix(backboneName) && !name.contains("+13b") else {
      throw speaker.unsupported(key, expected: "'\(backboneName)+7b'")
    }
    try fields.require(Key.pastWindow, among: [0])
  }

  /// Llama-2's own configuration, whose epsilon is not transformers' default.
  private static func language(_ folder: inout PublishedFolder) throws -> LanguageConfiguration {
    let prefix = CheckpointLayout.cogact.languagePrefix + "model."
    let layer = "\(prefix)layers.0."
    let archive = folder.archive
    let embedding = "\(prefix)embed_tokens.weight"
    let width = folder.log.take(
      "language.width", try archive.requiredSide(1, of: embedding, dimensions: 2))
    let heads = folder.log.take("language.heads", .standard(32, of: "Llama-2-7b"))
    let headWidth = max(1, width / heads)
    return LanguageConfiguration(
      width: width,
      depth: folder.log.take(
        "language.depth", archive.blockCount("\(prefix)layers.", "input_layernorm.weight")),
      heads: heads,
      keyValueHeads: folder.log.take(
        "language.key_value_heads",
        try archive.requiredSide(0, of: "\(layer)self_attn.k_proj.weight", dimensions: 2)
          .map { $0 / headWidth }),
      mlpWidth: folder.log.take(
        "language.mlp_width",
        try archive.requiredSide(0, of: "\(layer)mlp.gate_proj.weight", dimensions: 2)),
      vocabularySize: folder.log.take(
        "language.vocabulary_size",
        try archive.requiredSide(0, of: embedding, dimensions: 2)),
      ropeTheta: folder.log.take("language.rope_theta", .standard(10000, of: "Llama-2-7b")),
      rmsNormEpsilon: folder.log.take(
        "language.rms_norm_epsilon", .standard(1e-5, of: "Llama-2-7b")))
  }

  private static func towers(
    image: ImageConfiguration, _ folder: inout PublishedFolder
  ) throws -> [TowerConfiguration] {
    let parts = [
      ("dino_featurizer", PublishedTower.dinoLarge), ("siglip_featurizer", PublishedTower.siglip),
    ]
    return try parts.enumerated().map { index, part in
      try folder.tower(
        TowerPlace(name: part.0, layout: .cogact, detail: "towers.\(index)"),
        heads: .standard(part.1.heads, of: backboneName),
        mean: .standard(part.1.mean, of: "timm"), std: .standard(part.1.std, of: "timm"),
        imageSize: image.size, usesLastBlock: false)
    }
  }

  private static func diffusionHead(
    _ folder: inout PublishedFolder
  ) throws -> DiffusionConfiguration {
    let prefix = CheckpointLayout.cogact.actionHeadPrefix
    let positions = "\(prefix)positional_embedding"
    let width = try folder.archive.requiredSide(1, of: positions, dimensions: 2)
    let rows = try folder.archive.requiredSide(0, of: positions, dimensions: 2)
    let chunk = rows.map { max(0, $0 - 1) }
    if let window = try folder.fields.integer(Key.futureWindow), window.value != chunk.value - 1 {
      throw folder.fields.unsupported(
        Key.futureWindow, expected: "\(chunk.value - 1), as the shape of '\(positions)' says,")
    }
    let heads = try headCount(folder.fields, width: width.value)
    return DiffusionConfiguration(
      width: folder.log.take("action_head.width", width),
      depth: folder.log.take(
        "action_head.depth", folder.archive.blockCount("\(prefix)blocks.", "attn.qkv.weight")),
      heads: folder.log.take("action_head.heads", heads),
      chunk: folder.log.take("action_head.chunk", chunk),
      diffusionSteps: folder.log.take("action_head.diffusion_steps", .standard(100, of: source)),
      samplingSteps: folder.log.take("action_head.sampling_steps", .standard(10, of: source)),
      guidance: folder.log.take("action_head.guidance", .standard(1.5, of: source)))
  }

  private static func headCount(_ fields: PublishedFields, width: Int) throws -> Found<Int> {
    let kind =
      try fields.string(Key.headKind) ?? nameByWidth[width].map { .standard($0, of: source) }
    guard let kind, let count = heads[kind.value] else {
      throw fields.unsupported(
        Key.headKind, expected: heads.keys.sorted().map { "'\($0)'" }.joined(separator: " or "))
    }
    return Found(value: count, origin: kind.origin)
  }
}
