/// What one check found of one pair of methods, in one task or in all.
package struct Finding: Codable, Equatable, Sendable {
  package var check: Check
  package var methods: MethodPair
  /// Absent for several tasks together.
  package var task: String?
  /// Whether it is about all that was compared; where that is one task, it is named as well.
  package var overall: Bool
  package var verdict: Verdict
  /// Pairs of episodes.
  package var pairs: Int
  /// The number itself on either side, in the check's unit; absent where it is not judged, and for
  /// the use of layers, which is many numbers.
  package var base: Double?
  package var candidate: Double?
  /// Candidate less base; of a cost, the growth as a share of the base's; of the use of layers, the
  /// total variation distance.
  package var effect: Effect?
  package var margin: Double
  /// Who solved what; only of success.
  package var counts: SolvedCounts?
  /// Two-sided, against "no difference"; absent of costs.
  package var pValue: Double?
  /// The same by Holm's method among the tasks; of all tasks together, `pValue` itself.
  package var adjustedP: Double?
  /// Of "cannot tell": about how many more pairs would decide, were the rates as they seem.
  package var pairsToDecide: Int?
  /// Of a sequential test: after how many of the pairs it had decided; absent where it had not.
  package var stoppedAfter: Int?
  /// Whether the test may stop at any pair; its interval covers at all of them at once.
  package var isSequential: Bool?
  /// Why it is not judged.
  package var reason: String?

  package enum CodingKeys: String, CodingKey {
    case check
    case methods
    case task
    case overall
    case verdict
    case pairs
    case base
    case candidate
    case effect
    case margin
    case counts
    case pValue = "p_value"
    case adjustedP = "adjusted_p"
    case pairsToDecide = "pairs_to_decide"
    case stoppedAfter = "stopped_after"
    case isSequential = "is_sequential"
    case reason
  }

  init(
    _ check: Check, _ methods: MethodPair, task: String? = nil, overall: Bool = true, pairs: Int,
    margin: Double
  ) {
    self.check = check
    self.methods = methods
    self.task = task
    self.overall = overall
    self.pairs = pairs
    self.margin = margin
    verdict = .notJudged
  }

  /// The same finding, not judged.
  func unjudged(because reason: String) -> Finding {
    var copy = self
    copy.verdict = .notJudged
    copy.reason = reason
    return copy
  }
}

/// How many episodes which side solved.
package struct SolvedCounts: Codable, Equatable, Sendable {
  package var both: Int
  package var onlyBase: Int
  package var onlyCandidate: Int
  package var neither: Int

  package enum CodingKeys: String, CodingKey {
    case both
    case onlyBase = "only_base"
    case onlyCandidate = "only_candidate"
    case neither
  }
}

/// What a gate looks at.
package enum Check: String, Codable, CaseIterable, Sendable {
  case successAtEnd = "success_at_end"
  case successOnce = "success_once"
  case keyframeMatch = "keyframe_match"
  case positionError = "position_error"
  case rotationError = "rotation_error"
  case executedMACs = "executed_macs"
  case latency
  case layerUsage = "layer_usage"

  init(_ measure: GateSettings.Success.Measure) {
    self =
      switch measure {
      case .atEnd: .successAtEnd
      case .once: .successOnce
      }
  }

  init(_ measure: GateSettings.Replay.Measure) {
    self =
      switch measure {
      case .keyframeMatch: .keyframeMatch
      case .positionError: .positionError
      case .rotationError: .rotationError
      }
  }

  /// How it is called in a sentence.
  package var text: String {
    switch self {
    case .executedMACs: "executed MACs"
    case .layerUsage: "layer use"
    default: rawValue.replacing("_", with: " ")
    }
  }

  /// Whether it is a cost, judged over all tasks alone.
  package var isCost: Bool { self == .executedMACs || self == .latency || self == .layerUsage }
}
