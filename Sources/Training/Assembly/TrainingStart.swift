package import Checkpoints
package import Foundation
package import Manipulation
internal import TensorMath
package import VLAPolicy

/// The policy that a training starts from: a preset with random weights, or a checkpoint.
package struct TrainingStart: Sendable {
  package let configuration: Configuration
  package let tokenizer: Tokenizer
  /// By data set; `nil` for a preset, which has seen none.
  package let statistics: [String: DatasetStatistics]?
  /// The checkpoint's folder.
  package let folder: URL?
  private let archive: TensorArchive?
  /// The tensors of the checkpoint's own router, which another one may take the place of.
  private let storedRouter: Set<String>

  /// - Throws: `TrainingError.noInitialCheckpoint`, `CheckpointError`, `PolicyError`.
  package init(_ recipe: Recipe) throws {
    guard let initial = recipe.initial else {
      let parts = try RandomCheckpoint.parts(of: Preset(named: recipe.preset ?? ""))
      configuration = try parts.configuration.setting(recipe.set)
      tokenizer = parts.tokenizer
      (statistics, folder, archive) = (nil, nil, nil)
      storedRouter = []
      return
    }
    let found = try TrainingStart.checkpoint(at: initial)
    let opened = try CheckpointFolder(found, settings: recipe.set)
    configuration = try opened.policy()
    tokenizer = try Tokenizer.load(from: found)
    statistics = try JSONFile.decode(
      [String: DatasetStatistics].self,
      from: found.appending(path: VLANetwork.statisticsName))
    folder = found
    archive = try opened.archive()
    let stored = try Configuration(checkpoint: found).parameters
    storedRouter = Set(stored.filter { $0.part == .router }.map(\.name))
  }

  /// The parameters before the first update: the checkpoint's, and for a router or a projector of the
  /// gripper's state that it lacks new ones.
  ///
  /// - Throws: `CheckpointError` where another tensor of the policy is missing or misshapen.
  package func parameters(_ layout: ParameterLayout, seed: UInt64) throws -> [Float] {
    var values = layout.randomStart(seed: seed)
    guard let archive else { return values }
    let places = layout.places.prefix(layout.checkpointCount).filter { parameter, _ in
      !parameter.mayBeNew || archive.contains(parameter.name)
    }
    try archive.check(
      expected: places.map { ($0.parameter.name, $0.parameter.shape) },
      allowingExtra: { storedRouter.contains($0) || configuration.language.isPermutation($0) })
    for (parameter, range) in places {
      values.replaceSubrange(
        range, with: try archive.floats(parameter.name, shape: parameter.shape))
    }
    return values
  }

  /// Of a checkpoint in experts, which neurons each has, by tensor.
  func permutations() throws -> [String: [Int]] {
    guard let archive, configuration.language.factorization != nil else { return [:] }
    let names = archive.names.filter(configuration.language.isPermutation)
    return try Dictionary(uniqueKeysWithValues: names.map { ($0, try archive.integers($0)) })
  }

  /// The policy before the first update, for pictures that are cropped already.
  ///
  /// - Throws: As `parameters`.
  func network(seed: UInt64) throws -> VLANetwork {
    var configuration = configuration
    configuration.image.centerCrop = 1
    let layout = ParameterLayout(configuration.parameters)
    return try VLANetwork(
      configuration, parameters: FloatStorage(parameters(layout, seed: seed)), layout: layout,
      tokenizer: tokenizer, statistics: statistics ?? [:])
  }

  /// A checkpoint's folder, or the one in a training's folder.
  private static func checkpoint(at path: String) throws -> URL {
    let url = URL(filePath: path)
    for folder in [url, url.appending(path: "checkpoint")] {
      let file = folder.appending(path: VLANetwork.configurationName)
      if FileManager.default.fileExists(atPath: file.path) { return folder }
    }
    throw TrainingError.noInitialCheckpoint(path: path)
  }
}
