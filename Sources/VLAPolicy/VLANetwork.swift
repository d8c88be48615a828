package import Checkpoints
package import Foundation
internal import NeuralLayers
package import Manipulation
package import TensorMath

/// A loaded policy network: weights, tokenizer and statistics, without a decision on who runs.
package struct VLANetwork: Sendable {
  package let configuration: Configuration
  /// What the products of the decoder are meant to run in; see `Precision.isNative`.
  package let precision: Precision
  let vision: VisionFeatures
  let gripperProjector: GripperProjector?
  package let decoder: LanguageDecoder
  let router: (any LayerRouter)?
  let depthRouters: [Linear]?
  let head: ActionHead
  package let tokenizer: Tokenizer
  let statistics: [String: DatasetStatistics]
  private let statisticsFile: String

  package static let configurationName = "config.json"
  package static let statisticsName = "dataset_statistics.json"

  /// Loads a checkpoint folder: ours, or as OpenVLA or CogACT publish theirs.
  ///
  /// - Parameters:
  ///   - precision: What the products of linear maps run in; `nil` is what suits the stored type.
  ///   - settings: Assignments `key=value` to details of the configuration.
  ///   - adjust: Changes options of the configuration, such as the router's input.
  /// - Throws: `CheckpointError` or `PolicyError`; missing and misshapen tensors all at once.
  package init(
    checkpoint folder: URL, precision: Precision? = nil, settings: [String] = [],
    adjusting adjust: (inout Configuration) -> Void = { _ in }
  ) throws {
    try self.init(
      CheckpointFolder(folder, settings: settings), precision: precision, adjusting: adjust)
  }

  /// Loads a folder that is recognised already.
  ///
  /// - Throws: As above, and `PolicyError.wrongKind` for a model that is no policy.
  package init(
    _ folder: CheckpointFolder, precision: Precision? = nil,
    adjusting adjust: (inout Configuration) -> Void = { _ in }
  ) throws {
    var configuration = try folder.policy()
    adjust(&configuration)
    try configuration.validate(
      file: folder.url.appending(path: VLANetwork.configurationName).path)
    let archive = try folder.archive()
    try configuration.check(archive)
    let loader = ParameterLoader(source: archive, precision: precision)
    try loader.checkTypes(of: configuration)
    try loader.checkMemory(for: configuration)
    try self.init(
      configuration, loader: loader, tokenizer: try folder.tokenizer(),
      statistics: try folder.statistics())
  }

  /// - Parameter statistics: By data set, and the file that they are from, for messages.
  init(
    _ configuration: Configuration, loader: ParameterLoader, tokenizer: Tokenizer,
    statistics: ([String: DatasetStatistics], String)
  ) throws {
    self.configuration = configuration
    precision = try loader.wantedPrecision(DecoderKeys(configuration).layers[0].query)
    vision = try VisionFeatures(configuration, loader: loader)
    gripperProjector = try configuration.gripperProjector.map {
      try GripperProjector($0, loader: loader)
    }
    decoder = try LanguageDecoder(configuration, loader: loader)
    router = try configuration.router.map {
      switch $0.kind {
      case .star:
        try STARRouter($0, keys: RouterKeys($0, configuration: configuration), loader: loader)
      case .linear:
        try LinearRouter($0, keys: LinearRouterKeys(configuration), loader: loader)
      }
    }
    depthRouters = try configuration.mixtureOfDepths.map { _ in
      try DepthRouterKeys(configuration).layers.map {
        try loader.linear($0, quantizing: false)
      }
    }
    head = try ActionHead(configuration, loader: loader)
    self.tokenizer = tokenizer
    (self.statistics, statisticsFile) = statistics
  }

  /// The action statistics of one data set; `key` may be left out when there is only one.
  ///
  /// - Throws: `PolicyError.missingStatistics`, or `.badStatistics` when they are not 7-D or larger
  ///   than an action's numbers can be.
  package func actionStatistics(key: String?) throws -> DimensionStatistics {
    let (chosen, all) = try statistics(key: key)
    let found = all.action
    let lengths = [found.q01.count, found.q99.count, found.mask?.count ?? Action.width]
    guard lengths.allSatisfy({ $0 == Action.width }) else {
      throw PolicyError.badStatistics(
        file: statisticsFile, problem: "the action of '\(chosen)' is not 7-D")
    }
    guard (found.q01 + found.q99).allSatisfy({ Float($0).isFinite }) else {
      throw PolicyError.badStatistics(
        file: statisticsFile,
        problem: "a quantile of the action of '\(chosen)' is larger than a 32-bit float can be")
    }
    return found
  }

  /// How the gripper's state is told; `nil` for a policy that is not told it.
  ///
  /// - Throws: `PolicyError.missingStatistics` or `.badStatistics`.
  package func gripperState(key: String?) throws -> GripperState? {
    guard configuration.gripper != nil else { return nil }
    return try GripperState(statistics(key: key).values, file: statisticsFile)
  }

  private func statistics(key: String?) throws -> (name: String, values: DatasetStatistics) {
    let chosen = key ?? (statistics.count == 1 ? statistics.keys.first : nil)
    guard let chosen, let found = statistics[chosen] else {
      throw PolicyError.missingStatistics(
        key: key, found: Array(statistics.keys), file: statisticsFile)
    }
    return (chosen, found)
  }
}

extension Configuration {
  /// Reads and checks the configuration of a policy's checkpoint folder.
  package init(checkpoint folder: URL) throws {
    self = try CheckpointFolder(folder).policy()
  }
}

extension ActionHead {
  init(_ configuration: Configuration, loader: ParameterLoader) throws {
    switch configuration.actionHead {
    case .diffusion(let head):
      self = .diffusion(
        try DiffusionHead(
          head, keys: DiffusionHeadKeys(head, configuration: configuration), loader: loader))
    case .tokens(let head):
      self = .tokens(ActionTokenizer(head), count: head.tokenCount)
    }
  }
}
