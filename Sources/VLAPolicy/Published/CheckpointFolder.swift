package import Checkpoints
package import Foundation

/// A checkpoint's folder as it was recognised: whose layout it has, and the configuration that
/// this makes.
package struct CheckpointFolder: Sendable {
  package let url: URL
  package let family: CheckpointFamily
  package let model: CheckpointModel
  /// Where details come from, by their path in the configuration.
  private let origins: [String: DetailOrigin]
  private let opened: TensorArchive?

  /// Reads config.json and, where it is a published one, the weights' headers.
  ///
  /// - Parameter settings: Assignments `key=value` to details of the configuration, such as
  ///   `image.center_crop=0.9`.
  /// - Throws: `CheckpointError` or `PolicyError`: unreadable, unknown, not supported, not valid.
  package init(_ url: URL, settings: [String] = []) throws {
    self.url = url
    let file = url.appending(path: VLANetwork.configurationName)
    let document = try JSONFile.value(file)
    guard let object = document.object else {
      throw CheckpointError.wrongValue(
        file: file.path, keyPath: "", reason: "an object was expected")
    }
    let fields = PublishedFields(object: object, path: file.path)
    family = try CheckpointFamily(fields)
    var origins: [String: DetailOrigin] = [:]
    let model: CheckpointModel
    if family == .mole {
      opened = nil
      model = .policy(
        try JSONFile.decode(
          Configuration.self, from: document, named: file.path, unknownKeys: .refused))
      for path in document.leaves.map(\.path) {
        origins[path] = .key(path, file: VLANetwork.configurationName)
      }
    } else {
      let archive = try TensorArchive(checkpointDirectory: url)
      var folder = PublishedFolder(url: url, fields: fields, archive: archive)
      opened = archive
      model = try folder.translate(family)
      origins = folder.log.origins
    }
    for text in settings { origins[try ConfigurationSetting(text).path] = .setting }
    self.origins = origins
    self.model = try model.setting(settings)
    try self.model.configuration.validate(file: file.path)
  }

  /// The weights.
  ///
  /// - Throws: `CheckpointError`.
  package func archive() throws -> TensorArchive {
    try opened ?? TensorArchive(checkpointDirectory: url)
  }

  /// Where a detail comes from that nothing was read for.
  private var remaining: DetailOrigin { family == .mole ? .standard("mole") : .layout }

  /// Every detail of the configuration with its value and where that comes from.
  package func details() throws -> [ConfigurationDetail] {
    try model.configuration.leaves().map { path, value in
      ConfigurationDetail(
        path: path, value: value,
        origin: origins[path] ?? origins[path.droppingLastStep] ?? remaining)
    }
  }

  /// - Throws: `PolicyError.wrongKind` for a language model or a tower alone.
  package func policy() throws -> Configuration {
    guard case .policy(let configuration) = model else { throw wrongKind("a policy") }
    return configuration
  }

  /// - Throws: `PolicyError.wrongKind` for anything else.
  package func languageModel() throws -> LanguageModelConfiguration {
    guard case .language(let configuration) = model else {
      throw wrongKind("a language model alone")
    }
    return configuration
  }

  /// - Throws: `PolicyError.wrongKind` for anything else.
  package func visionModel() throws -> VisionModelConfiguration {
    guard case .vision(let configuration) = model else { throw wrongKind("a vision tower alone") }
    return configuration
  }

  private func wrongKind(_ wanted: String) -> PolicyError {
    .wrongKind(folder: url.path, found: model.title, wanted: wanted)
  }
}

/// Whose layout a checkpoint's folder has.
package enum CheckpointFamily: String, Sendable {
  case mole
  case openvla
  case cogact
  case llama
  case timm

  /// Tells the families by what their config.json alone has.
  init(_ fields: PublishedFields) throws {
    if let type = try fields.string("model_type")?.value {
      guard let family = CheckpointFamily(rawValue: type), family != .cogact, family != .timm
      else {
        throw fields.unsupported("model_type", expected: "'mole', 'openvla' or 'llama'")
      }
      self = family
    } else if fields.object.contains(CogACTConfiguration.Key.run)
      || fields.object.contains(CogACTConfiguration.Key.flatBackbone)
    {
      self = .cogact
    } else if fields.object.contains(TimmConfiguration.Key.architecture) {
      self = .timm
    } else {
      throw PolicyError.unknownCheckpoint(file: fields.path)
    }
  }

  /// What it is called in messages.
  package var title: String {
    switch self {
    case .mole: "mole"
    case .openvla: "OpenVLA (Hugging Face)"
    case .cogact: "CogACT / MoLe-VLA"
    case .llama: "LlamaForCausalLM (Hugging Face)"
    case .timm: "a timm vision transformer"
    }
  }
}

/// What a checkpoint holds.
package enum CheckpointModel: Sendable {
  case policy(Configuration)
  case language(LanguageModelConfiguration)
  case vision(VisionModelConfiguration)

  package var configuration: any ModelConfiguration {
    switch self {
    case .policy(let configuration): configuration
    case .language(let configuration): configuration
    case .vision(let configuration): configuration
    }
  }

  fileprivate func setting(_ settings: [String]) throws -> CheckpointModel {
    switch self {
    case .policy(let configuration): .policy(try configuration.setting(settings))
    case .language(let configuration): .language(try configuration.setting(settings))
    case .vision(let configuration): .vision(try configuration.setting(settings))
    }
  }

  fileprivate var title: String {
    switch self {
    case .policy: "a policy"
    case .language: "a language model alone"
    case .vision: "a vision tower alone"
    }
  }
}

extension PublishedFolder {
  /// - Precondition: The family is a published one.
  fileprivate mutating func translate(_ family: CheckpointFamily) throws -> CheckpointModel {
    switch family {
    case .mole: preconditionFailure("mole's own configuration needs no translation")
    case .openvla: return .policy(try OpenVLAConfiguration.translate(&self))
    case .cogact: return .policy(try CogACTConfiguration.translate(&self))
    case .timm: return .vision(try TimmConfiguration.translate(&self))
    case .llama:
      let language = try LlamaConfiguration.translate(
        fields, archive: archive, vocabulary: "model.embed_tokens.weight", log: &log)
      return .language(LanguageModelConfiguration(language: language))
    }
  }
}
