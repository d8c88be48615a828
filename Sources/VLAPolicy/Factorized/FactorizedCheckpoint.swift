internal import Checkpoints
internal import Files
package import Foundation
internal import Manipulation
package import NeuralLayers
internal import TensorMath

/// Makes a checkpoint whose feed-forward blocks are experts out of a dense one, and back. No number of
/// the weights is changed.
package enum FactorizedCheckpoint {
  /// How blocks are cut, and what a token gets of the experts.
  package struct Options: Sendable {
    package var experts: Int
    package var topK: Int
    package var split: Split
    /// Seeds the random split, where clusters begin, and the routers.
    package var seed: UInt64
    package var gate: ExpertRouting.Gate
    package var scale: Float

    package init(
      experts: Int, topK: Int, split: Split = .contiguous, seed: UInt64 = 0,
      gate: ExpertRouting.Gate = .hard, scale: Float = 1
    ) {
      self.experts = experts
      self.topK = topK
      self.split = split
      self.seed = seed
      self.gate = gate
      self.scale = scale
    }
  }

  /// Which neurons an expert gets.
  package enum Split: String, CaseIterable, Sendable {
    case contiguous
    case random
    /// Those that are alike in all that they read and write.
    case clustered
  }

  /// Writes a checkpoint in experts; the folder gets its name when everything in it is complete.
  ///
  /// Routers are random (normal, 0.02) until they are trained.
  ///
  /// - Parameters:
  ///   - folder: A checkpoint of mole's own or Llama's format, in floating point.
  ///   - out: The folder to make.
  ///   - progress: Called with the layers done and their number.
  /// - Throws: `CheckpointError`, `PolicyError`.
  package static func write(
    _ folder: URL, to out: URL, _ options: Options, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let source = try LanguageCheckpoint(folder)
    guard source.language.factorization == nil else {
      throw PolicyError.badFactorization(folder: folder.path, problem: "is factorized already")
    }
    var language = source.language
    language.factorization = FactorizationConfiguration(
      experts: options.experts, topK: options.topK, gate: options.gate, scale: options.scale)
    try language.validate(
      ConfigurationCheck(file: folder.appending(path: VLANetwork.configurationName).path))
    try source.write(to: out, language: language) { writer in
      let layers = source.blocks(of: language)
      for (index, (dense, cut)) in zip(source.blocks(of: source.language), layers).enumerated() {
        try LayerFactorization(dense: dense, cut: cut, index: index, options: options)
          .write(source.archive, to: writer)
        progress(index + 1, layers.count)
      }
    }
  }

  /// Writes the dense checkpoint that a factorized one was made of, to the last bit; its routers are
  /// left out.
  ///
  /// - Throws: `CheckpointError`, `PolicyError`; where the neurons' order is missing or none.
  package static func join(
    _ folder: URL, to out: URL, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let source = try LanguageCheckpoint(folder)
    guard source.language.factorization != nil else {
      throw PolicyError.badFactorization(folder: folder.path, problem: "is not factorized")
    }
    let language = source.language.dense
    try source.write(to: out, language: language) { writer in
      let blocks = source.blocks(of: source.language)
      for (index, (cut, dense)) in zip(blocks, source.blocks(of: language)).enumerated() {
        try source.joinLayer(cut, into: dense, to: writer)
        progress(index + 1, blocks.count)
      }
    }
  }

  /// Writes a factorized checkpoint again with other routers.
  ///
  /// - Parameter routers: One a layer: weight `[experts, width]` and bias `[experts]`.
  package static func write(
    _ folder: URL, to out: URL, routers: [(weight: [Float], bias: [Float])]
  ) throws {
    let source = try LanguageCheckpoint(folder)
    var values: [String: [Float]] = [:]
    for (block, router) in zip(source.blocks(of: source.language), routers) {
      guard let keys = block.router else { continue }
      values[keys.weightName] = router.weight
      values[keys.biasName] = router.bias
    }
    try source.write(to: out) { values[$0] }
  }

  /// Writes a checkpoint again with other numbers in its feed-forward blocks.
  ///
  /// - Parameter values: Of a tensor of theirs; `nil` where it stays as it is.
  package static func write(
    _ folder: URL, to out: URL, values: (String) -> [Float]?
  ) throws {
    try LanguageCheckpoint(folder).write(to: out, values: values)
  }
}

extension LanguageCheckpoint {
  fileprivate func write(to out: URL, values: (String) -> [Float]?) throws {
    try write(to: out, language: language) { writer in
      for block in blocks(of: language) {
        for parameter in block.parameters {
          if let new = values(parameter.name) {
            try writer.add(parameter.name, shape: parameter.shape, new)
          } else {
            try writer.copy(parameter.name, from: archive)
          }
        }
        if block.router != nil { try writer.copy(block.permutationName, from: archive) }
      }
    }
  }
}
