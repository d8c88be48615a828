package import Checkpoints
package import Foundation
internal import NeuralLayers
package import Manipulation
package import TensorMath

/// A loaded policy network: weights, tokenizer and statistics, without a decision on who runs.
package struct VLANetwork: Sendable {
  package let configuration: Configuration
  let vision: VisionFeatures
  package let decoder: LanguageDecoder
  let router: STARRouter?
  let depthRouters: [Linear]?
  let head: ActionHead
  package let tokenizer: Tokenizer
  let statistics: [String: DatasetStatistics]
  private let statisticsFile: String

  package static let configurationName = "config.json"
  package static let statisticsName = "dataset_statistics.json"

  /// Loads a checkpoint folder: `config.json`, safetensors, tokenizer, `dataset_statistics.json`.
  ///
  /// - Parameters:
  ///   - precision: What the products of linear maps run in; `nil` is what suits the stored type.
  ///   - adjust: Changes options of the stored configuration, such as the router's input.
  /// - Throws: `CheckpointError` or `PolicyError`; missing and misshapen tensors all at once.
  package init(
    checkpoint folder: URL, precision: Precision? = nil,
    adjusting adjust: (inout Configuration) -> Void = { _ in }
  ) throws {
    var configuration = try Configuration(checkpoint: folder)
    adjust(&configuration)
    try configuration.validate(file: folder.appending(path: VLANetwork.configurationName).path)
    self.configuration = configuration
    let archive = try TensorArchive(checkpointDirectory: folder)
    try configuration.check(archive)
    try VLANetwork.checkMemory(configuration, folder: folder)
    let loader = ParameterLoader(archive: archive, precision: precision)
    vision = try VisionFeatures(configuration, loader: loader)
    decoder = try LanguageDecoder(configuration, loader: loader)
    router = try configuration.router.map { [configuration] in
      try STARRouter($0, keys: RouterKeys($0, configuration: configuration), loader: loader)
    }
    depthRouters = try configuration.mixtureOfDepths.map { [configuration] _ in
      try DepthRouterKeys(configuration).layers.map {
        try loader.linear($0, quantizing: false)
      }
    }
    head = try ActionHead(configuration, loader: loader)
    tokenizer = try Tokenizer.load(from: folder)
    let statisticsURL = folder.appending(path: VLANetwork.statisticsName)
    statisticsFile = statisticsURL.path
    statistics = try JSONFile.decode([String: DatasetStatistics].self, from: statisticsURL)
  }

  /// The action statistics of one data set; `key` may be left out when there is only one.
  ///
  /// - Throws: `PolicyError.missingStatistics`, or `.badStatistics` when they are not 7-D.
  package func actionStatistics(key: String?) throws -> DimensionStatistics {
    let chosen = key ?? (statistics.count == 1 ? statistics.keys.first : nil)
    guard let chosen, let found = statistics[chosen]?.action else {
      throw PolicyError.missingStatistics(
        key: key, found: Array(statistics.keys), file: statisticsFile)
    }
    let lengths = [found.q01.count, found.q99.count, found.mask?.count ?? Action.width]
    guard lengths.allSatisfy({ $0 == Action.width }) else {
      throw PolicyError.badStatistics(
        file: statisticsFile, problem: "the action of '\(chosen)' is not 7-D")
    }
    return found
  }

  /// Refuses a checkpoint that does not fit into memory as 32-bit floats.
  private static func checkMemory(_ configuration: Configuration, folder: URL) throws {
    let byteCount = configuration.parameters.reduce(0) { $0 + 4 * $1.count }
    let available = Int(ProcessInfo.processInfo.physicalMemory)
    guard byteCount < available else {
      throw PolicyError.tooLarge(
        gigabytes: byteCount >> 30, available: available >> 30, folder: folder.path)
    }
  }
}

extension Configuration {
  /// Reads and checks `config.json` of a checkpoint folder.
  package init(checkpoint folder: URL) throws {
    let file = folder.appending(path: VLANetwork.configurationName)
    self = try JSONFile.decode(Configuration.self, from: file, unknownKeys: .refused)
    try validate(file: file.path)
  }

  /// Checks that an archive holds every tensor in the right shape, linear maps as int8 where it is
  /// quantized; published weights that no part reads are allowed, strangers are not.
  package func check(_ archive: TensorArchive) throws {
    let quantizable = Set(quantizableWeights.map(\.name))
    try archive.check(
      expected: parameters.map { ($0.name, $0.shape) },
      allowingInt8: quantizable.contains,
      allowingExtra: { name in unusedPrefixes.contains { name.hasPrefix($0) } })
  }

  private var unusedPrefixes: [String] {
    let towers = towers.map { layout.visionPrefix + $0.name + "." }
    return towers + [
      layout.languagePrefix + "lm_head.", layout.languagePrefix + "model.route.",
      layout.actionHeadPrefix + "history_embedder.",
    ] + (0..<language.depth).map { "\(layout.languagePrefix)model.layers.\($0).mod_router." }
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
