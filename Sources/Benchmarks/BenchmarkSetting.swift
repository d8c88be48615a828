internal import Files
internal import Manipulation
package import TensorMath
package import VLAPolicy

/// What is measured, and how.
package struct BenchmarkSetting: Sendable {
  /// With as many layers as are held and run.
  package var configuration: Configuration
  /// All tokens of a prefill, the picture's among them.
  package var tokens: Int
  /// What products run in, one after the other in each turn.
  package var precisions: [Precision]
  package var repetitions: Int
  package var threads: Int
  package var runsTorch: Bool

  package init(
    configuration: Configuration, tokens: Int, precisions: [Precision], repetitions: Int,
    threads: Int, runsTorch: Bool
  ) {
    self.configuration = configuration
    self.tokens = tokens
    self.precisions = precisions
    self.repetitions = repetitions
    self.threads = threads
    self.runsTorch = runsTorch
  }

  /// The picture's tokens.
  package var patchCount: Int {
    configuration.towers.first?.patchCount(imageSize: configuration.image.size) ?? 0
  }

  /// Checks the memory for these parts, PyTorch's copy included, before any of it is taken.
  ///
  /// - Throws: `BenchmarkError.tooLarge`.
  func checkMemory(of parts: Set<PolicyPart>, in configuration: Configuration) throws {
    let twins = runsTorch ? Set(precisions.map(\.opponent)) : []
    let byteCount = (precisions + Array(twins)).reduce(0) {
      $0 + configuration.randomByteCount(of: parts, precision: $1)
    }
    try MachineMemory.check(weights: byteCount)
  }

  /// A twin for each type that PyTorch runs in.
  func twins(_ subject: String) throws -> [Precision: TorchTwin] {
    guard runsTorch else { return [:] }
    var twins: [Precision: TorchTwin] = [:]
    for precision in Set(precisions.map(\.opponent)) {
      twins[precision] = try TorchTwin(
        subject, configuration, precision: precision, tokens: tokens, threads: threads)
    }
    return twins
  }
}

extension Precision {
  /// What PyTorch runs in beside this: its own type; for bytes bf16, the fastest that its users
  /// have.
  package var opponent: Precision { self == .int8 ? .bfloat16 : self }
}
