package import Checkpoints
package import Manipulation
package import TensorMath
package import VLAPolicy

/// Held-out key frames, and what a policy with some parameters does there.
///
/// It is the policy of evaluation that answers: its network, its choice of layers, its sampling.
package struct SampledActions: Sendable {
  private let inputs: [ForwardInput]
  private let demonstrated: [Action]
  private let configuration: Configuration
  private let layout: ParameterLayout
  private let tokenizer: Tokenizer
  private let statistics: DatasetStatistics
  private let method: LayerMethod
  private let calibration: Calibration

  /// Observations that are answered in one pass.
  private static let batch = 32

  /// - Parameters:
  ///   - indices: Which of the samples are answered.
  ///   - method: Which layers run: `dense`, `mole:6`, …
  ///   - seed: Seeds the sampling's noise.
  /// - Precondition: There is an index.
  package init(
    of samples: LearningSamples, _ indices: [Int], configuration: Configuration,
    layout: ParameterLayout, tokenizer: Tokenizer, statistics: DatasetStatistics,
    method: LayerMethod, calibration: Calibration = Calibration(), seed: UInt64
  ) {
    precondition(!indices.isEmpty, "no sample is chosen")
    inputs = indices.map { index in
      let sample = samples[index]
      return ForwardInput(
        picture: sample.picture, promptIDs: sample.promptIDs, gripper: sample.gripper,
        seed: SeededGenerator.derive(seed, ["sampled action", String(index)]))
    }
    demonstrated = indices.map(samples.demonstratedAction)
    var configuration = configuration
    // The pictures are cropped already.
    configuration.image.centerCrop = 1
    self.configuration = configuration
    self.layout = layout
    self.tokenizer = tokenizer
    self.statistics = statistics
    self.method = method
    self.calibration = calibration
  }

  /// The errors of the first action of each answer.
  ///
  /// - Throws: `PolicyError.answerNotFinite`, or what the method lacks; `CheckpointError` where the
  ///   layout lacks a tensor.
  package func errors(at parameters: FloatStorage) throws -> ActionErrors {
    let answers = try answers(at: parameters)
    let comparisons = zip(answers, demonstrated).compactMap { answer, demonstrated in
      ActionComparison(predicted: answer, demonstrated: demonstrated)
    }
    guard comparisons.count == demonstrated.count else {
      throw PolicyError.answerNotFinite(wanted: "actions")
    }
    return ActionErrors(comparisons)
  }

  /// The first action of each answer, in metres and radians.
  package func answers(at parameters: FloatStorage) throws -> [Action] {
    let network = try VLANetwork(
      configuration, parameters: parameters, layout: layout, tokenizer: tokenizer,
      statistics: ["training": statistics])
    let selection = try network.selection(for: method, calibration: calibration)
    let gripper = try network.gripperState(key: nil)
    return try stride(from: 0, to: inputs.count, by: Self.batch).flatMap { start in
      let part = Array(inputs[start..<min(start + Self.batch, inputs.count)])
      var meter = ComputeMeter(sampleCount: part.count)
      var traces = part.map { _ in Trace(recording: false) }
      let results = network.forward(part, selection: selection, meter: &meter, traces: &traces)
      return try zip(part, results).compactMap { input, result in
        try PolicyError.check(result.normalizedActions, as: "actions")
        let chunk = network.unnormalize(
          result.normalizedActions, statistics: statistics.action)
        return (gripper?.keepingInside(chunk, from: input.gripper) ?? chunk).actions.first
      }
    }
  }
}
