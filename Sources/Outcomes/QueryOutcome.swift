package import Manipulation

/// One question to a policy, its answer and what it cost; in replay also how far off it was.
package struct QueryOutcome: Codable, Equatable, Sendable {
  /// The frame of the recording that was shown; absent in a rollout, as all that compares with a
  /// demonstration.
  package var frameIndex: Int?
  /// The number of the query within the episode, from 0.
  package var step: Int
  /// Whether the gripper was open in what was shown; absent where that was not known, and in
  /// journals from before it was recorded.
  package var gripperOpen: Bool?
  /// The first action of the answer; `null` stands for a number that is not finite, and the
  /// list is empty when there was no action.
  package var predictedAction: [Float?]
  /// The action that the demonstrator took, as `predictedAction`; absent in a rollout.
  package var demonstratedAction: [Float?]?
  /// The distance between the predicted and the demonstrated position, in metres; absent when
  /// the answer is invalid.
  package var positionError: Double?
  /// The geodesic distance of the orientations in degrees, in [0, 180]; absent when the answer
  /// is invalid.
  package var rotationError: Double?
  /// Whether both open, or both close, the gripper; absent in a rollout.
  package var gripperAgreement: Bool?
  /// Whether position and rotation are within the plan's tolerances and the grippers agree;
  /// absent in a rollout.
  package var keyframeMatch: Bool?
  /// Why the answer is no action; such an answer agrees and matches never.
  package var failure: OutcomeFailure?
  /// For each layer of the language model, the share of the tokens that it processed.
  package var layers: LayerMask
  /// How much the first action changed, as normalised, from each tested early exit to the next: DeeR's
  /// root mean square, `null` where there was none before; absent where no exit was tested, and in
  /// journals from before it was recorded.
  package var exitDifferences: [Float?]?
  /// For each layer the tokens that each of its experts processed, empty where it did not run; absent
  /// for a policy without experts.
  package var experts: [[Int]]?
  /// Nominal and executed multiply-accumulates by part.
  package var compute: ComputeCount
  /// Wall-clock time; the only field that differs between two equal runs.
  package var timing: QueryTiming?
  /// What the policy was shown and what it answered, in short; absent in journals from before it
  /// was recorded.
  package var digests: QueryDigests?

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case frameIndex = "frame_index"
    case step
    case gripperOpen = "gripper_open"
    case predictedAction = "predicted_action"
    case demonstratedAction = "demonstrated_action"
    case positionError = "position_error"
    case rotationError = "rotation_error"
    case gripperAgreement = "gripper_agreement"
    case keyframeMatch = "keyframe_match"
    case failure
    case layers
    case exitDifferences = "exit_differences"
    case experts
    case compute
    case timing
    case digests
  }

  /// Makes the outcome of a query; without what compares it with a demonstration, one of a
  /// rollout.
  package init(
    frameIndex: Int? = nil, step: Int, gripperOpen: Bool? = nil, predictedAction: [Float?],
    demonstratedAction: [Float?]? = nil, positionError: Double? = nil,
    rotationError: Double? = nil, gripperAgreement: Bool? = nil, keyframeMatch: Bool? = nil,
    failure: OutcomeFailure? = nil, layers: LayerMask, exitDifferences: [Float?]? = nil,
    experts: [[Int]]? = nil, compute: ComputeCount, timing: QueryTiming? = nil,
    digests: QueryDigests? = nil
  ) {
    self.experts = experts
    self.frameIndex = frameIndex
    self.step = step
    self.gripperOpen = gripperOpen
    self.predictedAction = predictedAction
    self.demonstratedAction = demonstratedAction
    self.positionError = positionError
    self.rotationError = rotationError
    self.gripperAgreement = gripperAgreement
    self.keyframeMatch = keyframeMatch
    self.failure = failure
    self.layers = layers
    self.exitDifferences = exitDifferences
    self.compute = compute
    self.timing = timing
    self.digests = digests
  }
}

/// The wall-clock seconds of one query, or its share of several that were answered together.
package struct QueryTiming: Codable, Equatable, Sendable {
  package var seconds: [PolicyPart: Double]
  /// The whole query, with what belongs to no part.
  package var totalSeconds: Double
  /// How many queries were answered together, this one included; absent where it was alone.
  package var batch: Int?

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case seconds
    case totalSeconds = "total_seconds"
    case batch
  }

  package init(seconds: [PolicyPart: Double], totalSeconds: Double, batch: Int? = nil) {
    self.seconds = seconds
    self.totalSeconds = totalSeconds
    self.batch = batch
  }

  /// The time that an answer took.
  package init(of prediction: Prediction) {
    self.init(
      seconds: prediction.seconds, totalSeconds: prediction.totalSeconds,
      batch: prediction.batch == 1 ? nil : prediction.batch)
  }
}

extension Prediction {
  /// Its exit differences as a journal has them.
  package var recordableDifferences: [Float?]? {
    exitDifferences.isEmpty ? nil : exitDifferences.map { $0.isFinite ? $0 : nil }
  }
}
