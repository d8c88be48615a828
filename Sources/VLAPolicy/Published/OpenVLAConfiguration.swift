internal import Checkpoints
internal import Manipulation

/// OpenVLA's folder as published on Hugging Face: config.json with model_type "openvla",
/// preprocessor_config.json, safetensors and Llama-2's tokenizer.
enum OpenVLAConfiguration {
  static let modelType = "openvla"
  static let preprocessorName = "preprocessor_config.json"
  private static let source = "OpenVLA"

  /// The keys of config.json that are read, each once.
  enum Key {
    static let modelType = "model_type"
    static let visionBackbone = "vision_backbone_id"
    static let fused = "use_fused_vision_backbone"
    static let towers = "timm_model_ids"
    static let activations = "timm_override_act_layers"
    static let imageSizes = "image_sizes"
    static let resize = "image_resize_strategy"
    static let projector = "arch_specifier"
    static let language = "text_config"
    static let binCount = "n_action_bins"
    static let padding = "pad_to_multiple_of"
    static let projectorStates = "output_projector_states"
    static let quantization = "quantization_config"
    static let statistics = "norm_stats"
  }

  /// The keys of preprocessor_config.json that are read.
  private enum ProcessorKey {
    static let means = "means"
    static let deviations = "stds"
    static let interpolations = "interpolations"
    static let resize = "image_resize_strategy"
  }

  static func translate(_ folder: inout PublishedFolder) throws -> Configuration {
    let fields = folder.fields
    try refuseUnsupported(fields)
    let processor = try folder.optionalFile(preprocessorName)
    let image = try image(fields, processor, log: &folder.log)
    let language = try LlamaConfiguration.translate(
      fields.nested(Key.language)
        ?? PublishedFields(object: JSONObject(), path: fields.path, prefix: "text_config."),
      archive: folder.archive,
      vocabulary: CheckpointLayout.openvla.languagePrefix + "model.embed_tokens.weight",
      log: &folder.log)
    return Configuration(
      modelType: Configuration.modelType, formatVersion: 1, layout: .openvla, image: image,
      towers: try towers(image: image, processor, &folder),
      projector: ProjectorConfiguration(
        hiddenWidth: folder.log.take(
          "projector.hidden_width",
          try folder.archive.requiredSide(0, of: "projector.fc1.weight", dimensions: 2))),
      language: language,
      prompt: PromptConfiguration(
        suffixIds: try folder.suffixIDs(
          withEnd: false, vocabularySize: language.vocabularySize)),
      router: try folder.publishedRouter(layout: .openvla, depth: language.depth),
      earlyExit: EarlyExitConfiguration(interval: 2),
      actionHead: .tokens(
        try actionTokens(fields, vocabularySize: language.vocabularySize, log: &folder.log)))
  }

  private static func refuseUnsupported(_ fields: PublishedFields) throws {
    try fields.require(Key.visionBackbone, among: ["dinosiglip-vit-so-224px"])
    try fields.require(Key.fused, among: [true])
    try fields.require(
      Key.projector, among: ["no-align+fused-gelu-mlp", "fused-gelu-mlp"])
    try fields.require(Key.activations, among: [[.null, .null]])
    try fields.require(Key.projectorStates, among: [false])
    try fields.requireAbsent(Key.quantization)
  }

  private static func image(
    _ fields: PublishedFields, _ processor: PublishedFields?, log: inout DetailLog
  ) throws -> ImageConfiguration {
    let sizes = try fields.integers(Key.imageSizes) ?? .standard([224, 224], of: source)
    guard let size = sizes.value.first, sizes.value.allSatisfy({ $0 == size }) else {
      throw fields.unsupported(Key.imageSizes, expected: "one size for both towers")
    }
    log.note(sizes, at: "image.size")
    // The processor is what resizes, so its word counts where both have one.
    let speaker = try processor?.string(ProcessorKey.resize) == nil ? fields : processor ?? fields
    try speaker.require(Key.resize, among: ["resize-naive", "letterbox"])
    let resize =
      try speaker.string(Key.resize) ?? .standard("resize-naive", of: source)
    return ImageConfiguration(
      size: size,
      resize: log.take(
        "image.resize", resize.map { $0 == "letterbox" ? .letterbox : .naive }),
      camera: "front")
  }

  /// DINOv2's channels come first, then SigLIP's.
  private static func towers(
    image: ImageConfiguration, _ processor: PublishedFields?, _ folder: inout PublishedFolder
  ) throws -> [TowerConfiguration] {
    let ids =
      try folder.fields.strings(Key.towers) ?? .standard(PublishedTower.dinoSiglip, of: source)
    let known = ids.value.compactMap { PublishedTower.policyTowers[$0] }
    guard known.count == 2, ids.value.count == 2 else {
      throw folder.fields.unsupported(
        Key.towers, expected: PublishedTower.dinoSiglip.map { "'\($0)'" }.joined(separator: ", "))
    }
    try processor?.require(ProcessorKey.interpolations, among: [["bicubic", "bicubic"]])
    let means = try processor?.floatLists(ProcessorKey.means)
    let deviations = try processor?.floatLists(ProcessorKey.deviations)
    return try zip(["featurizer", "fused_featurizer"], known).enumerated().map { index, tower in
      try folder.tower(
        TowerPlace(name: tower.0, layout: .openvla, detail: "towers.\(index)"),
        heads: Found(value: tower.1.heads, origin: ids.origin),
        mean: statistics(means, index) ?? .standard(tower.1.mean, of: "timm"),
        std: statistics(deviations, index) ?? .standard(tower.1.std, of: "timm"),
        imageSize: image.size, usesLastBlock: false)
    }
  }

  private static func statistics(_ lists: Found<[[Float]]>?, _ index: Int) -> Found<[Float]>? {
    guard let lists, lists.value.indices.contains(index) else { return nil }
    return lists.map { $0[index] }
  }

  /// The vocabulary was padded after Llama-2's 32000 pieces; the bins count down from there.
  private static func actionTokens(
    _ fields: PublishedFields, vocabularySize: Int, log: inout DetailLog
  ) throws -> ActionTokenConfiguration {
    let padding = try fields.integer(Key.padding) ?? .standard(64, of: source)
    guard padding.value >= 0, padding.value <= vocabularySize else {
      throw fields.unsupported(Key.padding, expected: "no more than the vocabulary's size")
    }
    return ActionTokenConfiguration(
      binCount: log.take(
        "action_head.bin_count", try fields.integer(Key.binCount) ?? .standard(256, of: source)),
      tokenCount: Action.width,
      firstUnusedId: log.take(
        "action_head.first_unused_id", padding.map { vocabularySize - $0 }))
  }
}
