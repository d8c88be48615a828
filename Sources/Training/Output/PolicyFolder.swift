package import Checkpoints
internal import Files
package import Foundation
package import Manipulation
package import TensorMath
package import VLAPolicy

/// What a checkpoint holds beside its weights.
package struct PolicyDescription: Sendable {
  package var configuration: Configuration
  package var tokenizer: Tokenizer
  /// By data set.
  package var statistics: [String: DatasetStatistics]
  /// Of a policy whose feed-forward blocks are factorized, the neurons expert by expert, by tensor.
  package var permutations: [String: [Int]] = [:]

  package init(
    configuration: Configuration, tokenizer: Tokenizer, statistics: [String: DatasetStatistics]
  ) {
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.statistics = statistics
  }

  /// Writes a checkpoint's folder, which `mole eval` takes; where it is there already, only the
  /// weights are replaced, at once.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  package func write(
    _ parameters: FloatStorage, layout: ParameterLayout, elementType: ElementType, to folder: URL
  ) throws {
    if FileManager.default.fileExists(atPath: folder.path) {
      return try writeWeights(parameters, layout: layout, elementType: elementType, to: folder)
    }
    do {
      try NewFolder.write(folder.path) { path in
        let partial = URL(filePath: path)
        try JSONFile.write(
          configuration, to: partial.appending(path: VLANetwork.configurationName))
        try tokenizer.write(to: partial)
        try JSONFile.write(statistics, to: partial.appending(path: VLANetwork.statisticsName))
        try writeWeights(parameters, layout: layout, elementType: elementType, to: partial)
      }
    } catch let fault as FileFault {
      throw TrainingError(writing: folder.path, fault)
    }
  }

  private func writeWeights(
    _ parameters: FloatStorage, layout: ParameterLayout, elementType: ElementType, to folder: URL
  ) throws {
    let places = layout.places.prefix(layout.checkpointCount)
    let weights = places.map {
      TensorDeclaration(
        name: $0.parameter.name, shape: $0.parameter.shape, elementType: elementType)
    }
    let orders = permutations.map {
      TensorDeclaration(name: $0.key, shape: [$0.value.count], elementType: .int64)
    }
    let writer = try CheckpointWriter(directory: folder, declarations: weights + orders)
    for (name, order) in permutations {
      try writer.add(name, shape: [order.count], integers: order)
    }
    for (parameter, range) in places {
      let values = parameters.withSpan(range) { span in span.indices.map { span[$0] } }
      try writer.add(parameter.name, shape: parameter.shape, values)
    }
    try writer.finish()
  }
}
