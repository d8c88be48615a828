internal import Checkpoints
package import Foundation

extension Trace {
  /// Stages that hold whole numbers, written as such.
  private static let integerStages: Set<String> = ["token_ids", "action_tokens"]

  /// Writes the stages as one safetensors file.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  package func write(to url: URL) throws {
    let writer = try SafetensorsWriter(
      to: url,
      declarations: stages.map {
        TensorDeclaration(
          name: $0.name, shape: $0.shape,
          elementType: Trace.integerStages.contains($0.name) ? .int64 : .float32)
      })
    for stage in stages {
      if Trace.integerStages.contains(stage.name) {
        try writer.add(stage.name, shape: stage.shape, integers: stage.values.map { Int($0) })
      } else {
        try writer.add(stage.name, shape: stage.shape, stage.values)
      }
    }
    try writer.finish()
  }
}
