internal import Manipulation
internal import TensorMath
package import VLAPolicy

/// What held-out demonstrations say of some parameters.
package struct Validation: Sendable {
  /// `nil` where nothing is held out.
  package var loss: LossParts?
  package var measures: [ActionMeasure] = []

  /// What a rule compares; smaller is better.
  func value(_ rule: ValidationOptions.BestRule) -> Double? {
    switch rule {
    case .lowestActionError: measures.first { $0.name == ActionMeasure.error }?.value
    case .lowestLoss: loss?.total
    case .last: nil
    }
  }
}

extension Validation {
  /// Looks at all held-out samples, several threads at once.
  ///
  /// - Parameter part: Samples that are looked at together; results hardly depend on it.
  init(
    of state: TrainingState, material: TrainingMaterial, objective: any Objective, seed: UInt64,
    part: Int
  ) throws {
    let samples = material.validation
    let starts = Array(stride(from: 0, to: samples.count, by: part))
    let losses = try Lanes.map(starts.count) { index in
      let range = starts[index]..<min(starts[index] + part, samples.count)
      let loss = objective.evaluate(
        Array(samples[range]), at: state.judged, teacher: state.teacher,
        seed: SeededGenerator.derive(seed, ["validation", "\(index)"]))
      return (loss: loss, weight: Double(range.count))
    }
    loss = losses.isEmpty ? nil : .mean(losses)
    measures = try material.meter?.measure(state.judged) ?? []
  }
}
