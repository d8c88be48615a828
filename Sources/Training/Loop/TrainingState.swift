package import TensorMath

/// Everything that an update changes.
package struct TrainingState: Sendable {
  package let parameters: FloatStorage
  package let moments: AdamWMoments
  /// The running mean of the parameters.
  package let mean: FloatStorage?
  /// The distillation's teacher.
  package let teacher: FloatStorage?
  package var progress = TrainingProgress()

  /// - Parameter start: The parameters before the first update; the means start there too.
  package init(start: [Float], keepsMean: Bool, keepsTeacher: Bool) {
    parameters = FloatStorage(start)
    moments = AdamWMoments(count: start.count)
    mean = keepsMean ? FloatStorage(start) : nil
    teacher = keepsTeacher ? FloatStorage(start) : nil
  }

  /// What is validated and written as the checkpoint.
  package var judged: FloatStorage { mean ?? parameters }

  /// The arrays by the names that they have on disk.
  package var arrays: [(name: String, values: FloatStorage)] {
    var arrays = [
      ("parameters", parameters), ("first_moment", moments.first),
      ("second_moment", moments.second),
    ]
    if let mean { arrays.append(("mean", mean)) }
    if let teacher { arrays.append(("teacher", teacher)) }
    return arrays
  }
}

/// How far a training has come.
package struct TrainingProgress: Codable, Equatable, Sendable {
  /// Updates that are done.
  package var updates = 0
  package var best: Best?

  package init() {}

  /// The checkpoint that is kept.
  package struct Best: Codable, Equatable, Sendable {
    /// The updates after which it was taken.
    package var updates: Int
    /// What the rule compares.
    package var value: Double
  }
}
