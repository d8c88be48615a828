internal import Checkpoints
internal import Files
internal import Foundation
internal import Manipulation
internal import TensorMath

/// A checkpoint as far as its decoder's feed-forward blocks are concerned.
struct LanguageCheckpoint {
  let folder: URL
  let archive: TensorArchive
  private let model: CheckpointModel

  /// - Throws: `PolicyError.badFactorization` for a format in which experts cannot be written down.
  init(_ folder: URL) throws {
    let opened = try CheckpointFolder(folder)
    guard opened.family == .mole || opened.family == .llama else {
      throw PolicyError.badFactorization(
        folder: folder.path,
        problem: "is in the format of \(opened.family.rawValue), which has no place for experts")
    }
    self.folder = folder
    model = opened.model
    archive = try opened.archive()
    try model.configuration.check(archive)
    let names = model.configuration.quantizableWeights.map(\.name)
    if let name = names.first(where: { (try? archive.elementType(of: $0)) == .int8 }) {
      throw PolicyError.badFactorization(
        folder: folder.path,
        problem: "holds bytes ('\(name)'); factorize first and quantize the result")
    }
  }

  /// The decoder.
  var language: LanguageConfiguration {
    switch model {
    case .policy(let configuration): configuration.language
    case .language(let configuration): configuration.language
    case .vision: preconditionFailure("a tower has no decoder")
    }
  }

  /// The feed-forward blocks of this decoder or of one with another factorization.
  func blocks(of language: LanguageConfiguration) -> [FeedForwardKeys] {
    keys(language).layers.map(\.feedForward)
  }

  private func keys(_ language: LanguageConfiguration) -> DecoderKeys {
    switch model {
    case .policy(var configuration):
      configuration.language = language
      return DecoderKeys(configuration)
    case .language: return LanguageModelConfiguration(language: language).keys
    case .vision: preconditionFailure("a tower has no decoder")
    }
  }

  /// Writes the checkpoint again with other feed-forward blocks; everything else is taken over.
  ///
  /// - Parameter writeBlocks: Writes the blocks' tensors.
  func write(
    to out: URL, language: LanguageConfiguration,
    writeBlocks: (CheckpointWriter) throws -> Void
  ) throws {
    do {
      try NewFolder.write(out.path) { partial in
        let partial = URL(filePath: partial)
        try SmallFiles.copy(from: folder, to: partial)
        try writeConfiguration(language, to: partial)
        let own = Set(tensors(of: self.language).map(\.name))
        let others = archive.names.filter { !own.contains($0) }
        let declarations = try others.map {
          TensorDeclaration(
            name: $0, shape: try archive.shape(of: $0), elementType: try archive.elementType(of: $0)
          )
        }
        let writer = try CheckpointWriter(
          directory: partial, declarations: declarations + tensors(of: language),
          metadata: archive.metadata)
        for name in others { try writer.copy(name, from: archive) }
        try writeBlocks(writer)
        try writer.finish()
      }
    } catch let fault as FileFault {
      throw CheckpointError(fault, path: out.path)
    }
  }

  /// Everything that belongs to the feed-forward blocks, in the type of the weights.
  private func tensors(of language: LanguageConfiguration) -> [TensorDeclaration] {
    let first = blocks(of: self.language)[0].experts[0].gate.weightName
    let type = (try? archive.elementType(of: first)) ?? .float32
    return blocks(of: language).flatMap { block in
      let weights = block.parameters.map {
        TensorDeclaration(name: $0.name, shape: $0.shape, elementType: type)
      }
      guard language.factorization != nil else { return weights }
      return weights + [
        TensorDeclaration(
          name: block.permutationName, shape: [language.mlpWidth], elementType: .int64)
      ]
    }
  }

  private func writeConfiguration(_ language: LanguageConfiguration, to partial: URL) throws {
    let file = partial.appending(path: VLANetwork.configurationName)
    switch model {
    case .policy(var configuration):
      configuration.language = language
      try JSONFile.write(configuration, to: file)
    case .language: try writeLlamaConfiguration(language.factorization, to: file)
    case .vision: preconditionFailure("a tower has no decoder")
    }
  }

  /// Hugging Face's config.json with one more key, or without it.
  private func writeLlamaConfiguration(
    _ factorization: FactorizationConfiguration?, to file: URL
  ) throws {
    let data = try Data(contentsOf: folder.appending(path: VLANetwork.configurationName))
    var object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    object["factorization"] = try factorization.map {
      try JSONSerialization.jsonObject(with: JSONEncoder().encode($0))
    }
    let text = try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
    try PartialFile.write(Array(text), to: file.path)
  }
}
