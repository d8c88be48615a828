package import Manipulation
package import TensorMath

// Models of any shape with made-up weights, in memory alone, for measuring how long they take.

extension VLANetwork {
  /// A policy with made-up weights and a small tokenizer; the action means nothing.
  ///
  /// - Throws: `PolicyError.badConfiguration`.
  package init(random configuration: Configuration, precision: Precision) throws {
    try configuration.validate(file: VLANetwork.configurationName)
    try self.init(
      configuration, loader: .random(configuration, precision: precision),
      tokenizer: RandomCheckpoint.smallTokenizer(vocabularySize: 448),
      statistics: (RandomCheckpoint.workspaceStatistics, VLANetwork.statisticsName))
  }
}

extension LanguageDecoder {
  /// The decoder of a policy with made-up weights.
  package init(random configuration: Configuration, precision: Precision) throws {
    try self.init(configuration, loader: .random(configuration, precision: precision))
  }
}

extension VisionFeatures {
  /// The towers and the projector of a policy with made-up weights.
  package init(random configuration: Configuration, precision: Precision) throws {
    try self.init(configuration, loader: .random(configuration, precision: precision))
  }
}

extension Configuration {
  /// The bytes that weights of these parts take when they are laid out for products, and the block
  /// of made-up numbers that they are laid out from.
  package func randomByteCount(of parts: Set<PolicyPart>, precision: Precision) -> Int {
    let quantizable = Set(quantizableWeights.map(\.name))
    let plain = precision == .float32 ? 4 : 2
    let largest = parameters.map(\.count).max() ?? 0
    let weights = parameters.filter { parts.contains($0.part) }.reduce(0) { sum, parameter in
      let isByte = precision == .int8 && quantizable.contains(parameter.name)
      return sum + parameter.count * (isByte ? 1 : plain)
    }
    return weights + largest * (precision == .int8 ? 3 : plain)
  }

  /// The same policy with fewer layers of its language model, and without what was measured for
  /// its own depth.
  ///
  /// - Precondition: `depth` is positive.
  package func cut(toLayers depth: Int) -> Configuration {
    var configuration = self
    configuration.language.depth = depth
    configuration.router?.keep = min(depth, router?.keep ?? depth)
    configuration.earlyExit = nil
    configuration.staticOrder = nil
    return configuration
  }
}

extension ParameterLoader {
  fileprivate static func random(
    _ configuration: Configuration, precision: Precision
  ) -> ParameterLoader {
    ParameterLoader(
      source: RandomParameters(configuration, precision: precision), precision: nil)
  }
}
