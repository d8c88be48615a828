package import TensorMath
package import VLAPolicy

/// Where samples to train on come from.
///
/// What a batch holds depends on the seed that the source was made with and on the numbers of the
/// update and the micro-batch alone, so that a training goes on after an interruption as it would
/// have without.
package protocol BatchSource: Sendable {
  /// The samples that there are.
  var sampleCount: Int { get }

  /// Samples of a micro-batch, changed at random where the recipe asks for it.
  ///
  /// Several threads call at once, each for its own part.
  ///
  /// - Parameter range: Which of the micro-batch's samples are wanted.
  func batch(update: Int, microBatch: Int, range: Range<Int>) throws -> [LearningSample]
}

/// Measures the actions that a policy with some parameters samples for held-out observations.
package protocol ActionMeter: Sendable {
  /// Deterministic in the parameters.
  ///
  /// - Returns: `ActionMeasure.error`, which rules compare, and others to watch.
  func measure(_ parameters: FloatStorage) throws -> [ActionMeasure]
}

/// One measured number.
package struct ActionMeasure: Equatable, Sendable {
  /// The name of the number that `lowest-action-error` compares.
  package static let error = "action_error"

  package var name: String
  package var value: Double

  package init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// What a training sees.
package struct TrainingMaterial: Sendable {
  package var source: any BatchSource
  /// Held out, never changed at random.
  package var validation: [LearningSample]
  package var meter: (any ActionMeter)?

  package init(
    source: any BatchSource, validation: [LearningSample], meter: (any ActionMeter)? = nil
  ) {
    self.source = source
    self.validation = validation
    self.meter = meter
  }
}
