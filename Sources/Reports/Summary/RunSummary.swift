package import Manipulation
package import Outcomes

/// What a run's journal says, method by method and task by task: the file `summary.json`.
///
/// Offline numbers are key-frame matches and never called success; success is what a simulator
/// said. 1 MAC = 2 FLOPs.
package struct RunSummary: Codable, Equatable, Sendable {
  package static let currentSchema = "mole-summary-1"

  package var schemaVersion: String
  package var mode: EvaluationMode
  /// The name of the data set or suite.
  package var suite: String
  /// What the numbers mean, for a reader of the file alone.
  package var conventions: [String]
  /// Of the intervals.
  package var confidence: Double
  /// A query matches its key frame within this distance in metres …
  package var positionTolerance: Double
  /// … and this angle in degrees, with the same gripper.
  package var rotationTolerance: Double
  /// Episodes that the plan asks of each method, all shards together.
  package var plannedEpisodes: Int
  /// In the plan's order.
  package var methods: [MethodSummary]

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case mode
    case suite
    case conventions
    case confidence
    case positionTolerance = "position_tolerance"
    case rotationTolerance = "rotation_tolerance"
    case plannedEpisodes = "planned_episodes"
    case methods
  }

  /// Whether some method has fewer episodes than the plan asks for.
  package var isPartial: Bool { methods.contains { $0.pooled.episodes < plannedEpisodes } }
}

/// One method of a run.
package struct MethodSummary: Codable, Equatable, Sendable {
  package var name: String
  /// Layers of the language model.
  package var layerCount: Int
  /// One a task, in the run's order; a task without episodes so far has counts of zero.
  package var tasks: [GroupSummary]
  /// The unweighted mean of the tasks that have queries, number by number, as the paper
  /// averages; its counts are sums, and it has no interval.
  package var meanOverTasks: GroupSummary
  /// All queries of all tasks as one sample.
  package var pooled: GroupSummary
  /// Absent where nothing was timed.
  package var latencyProfile: LatencyProfile?
  /// Task by task, and then of all episodes together; absent in replay, and where every episode used
  /// the layers alike.
  package var layerDifferences: [LayerDifference]?
  /// Absent where no query recorded what it found at early exits.
  package var exitCurve: ExitCurve?

  package enum CodingKeys: String, CodingKey {
    case name
    case layerCount = "layer_count"
    case tasks
    case meanOverTasks = "mean_over_tasks"
    case pooled
    case latencyProfile = "latency"
    case layerDifferences = "layer_usage_solved_less_unsolved"
    case exitCurve = "exit_thresholds"
  }
}

/// A group of episodes and their queries: those of a task, or of several.
///
/// A number is absent when there is nothing to compute it from.
package struct GroupSummary: Codable, Equatable, Sendable {
  /// The task, or what the group is.
  package var name: String
  package var episodes: Int
  package var queries: Int
  /// Answers that are no action; they match nothing and have no errors.
  package var invalidAnswers: Int
  /// What the simulator said of a closed loop; absent in replay.
  package var closedLoop: SuccessSummary?
  /// What the simulator said of answers to recorded observations that were carried out; absent in
  /// a rollout, and where nothing was carried out.
  package var openLoop: SuccessSummary?
  /// The share of the queries whose answer matches, with Wilson's interval over queries; absent
  /// in a rollout, as all that compares with a demonstration.
  package var keyframeMatch: Proportion?
  /// The mean over episodes of the share of an episode's queries that match.
  package var episodeMatchRate: Double?
  /// In metres.
  package var positionError: Center?
  /// Geodesic, in degrees.
  package var rotationError: Center?
  /// The share of the queries whose gripper agrees.
  package var gripperAgreement: Double?
  /// The mean over queries of the number of layers run; a layer that saw half of the tokens
  /// counts half.
  package var layersExecuted: Double?
  /// For each layer the mean over queries of its share, from 0 to 1; empty without queries.
  package var layerUsage: [Double]
  /// The same of solved and of unsolved episodes; absent in replay.
  package var layerUsageByResult: ResultLayerUsage?
  /// The same of queries that showed an open and a closed gripper; absent where no query says
  /// what it showed.
  package var layerUsageByGripper: GripperLayerUsage?
  /// For each layer each expert's share of what its experts processed; absent for a policy whose
  /// feed-forward blocks are whole, and in a mean over tasks.
  package var expertUsage: [[Double]]?
  /// What the masks and the published formulas say, per query.
  package var nominal: MeanMACs?
  /// What ran, per query.
  package var executed: MeanMACs?
  /// What was measured; absent when the journal has no timings.
  package var latency: LatencySummary?
  /// Against the dense method on the same group; absent when the run has none.
  package var againstDense: DenseComparison?

  package enum CodingKeys: String, CodingKey {
    case name
    case episodes
    case queries
    case invalidAnswers = "invalid_answers"
    case closedLoop = "closed_loop"
    case openLoop = "open_loop"
    case keyframeMatch = "keyframe_match"
    case episodeMatchRate = "episode_match_rate"
    case positionError = "position_error_m"
    case rotationError = "rotation_error_deg"
    case gripperAgreement = "gripper_agreement"
    case layersExecuted = "layers_executed"
    case layerUsage = "layer_usage"
    case layerUsageByResult = "layer_usage_by_result"
    case layerUsageByGripper = "layer_usage_by_gripper"
    case expertUsage = "expert_usage"
    case nominal = "nominal_macs"
    case executed = "executed_macs"
    case latency = "measured_seconds"
    case againstDense = "against_dense"
  }
}

/// A share of queries or episodes; lower and upper end are absent in a mean over tasks.
package struct Proportion: Codable, Equatable, Sendable {
  package var rate: Double
  package var lower: Double?
  package var upper: Double?
}

/// Where a sample of errors lies.
package struct Center: Codable, Equatable, Sendable {
  package var median: Double
  package var mean: Double
}

/// Multiply-accumulates of a query, as means over queries.
package struct MeanMACs: Codable, Equatable, Sendable {
  package var parts: [PolicyPart: Double]
  /// Router and language layers: the paper's "FLOPs (G)".
  package var languageModel: Double
  package var total: Double

  package enum CodingKeys: String, CodingKey {
    case parts
    case languageModel = "language_model"
    case total
  }
}

/// Seconds of a query: the whole, the language model (router and layers), and each part.
///
/// Of queries that were answered together each has its share of the time.
package struct LatencySummary: Codable, Equatable, Sendable {
  package var total: Latency
  package var languageModel: Latency
  package var parts: [PolicyPart: Latency]
  /// The most queries that were answered together; absent where each was alone.
  package var batch: Int?

  package enum CodingKeys: String, CodingKey {
    case total
    case languageModel = "language_model"
    case parts
    case batch
  }
}

/// Seconds over queries.
package struct Latency: Codable, Equatable, Sendable {
  package var mean: Double
  package var p50: Double
  package var p95: Double
}

/// How much less than the dense method: factors are dense ÷ this, so 2 is half the work.
package struct DenseComparison: Codable, Equatable, Sendable {
  /// Of executed MACs of the language model (router and layers).
  package var languageModelReduction: Double?
  /// Of executed MACs of all parts.
  package var totalReduction: Double?
  /// This ÷ dense, of the language model's mean seconds.
  package var languageModelTimeRatio: Double?
  /// This ÷ dense, of the whole query's mean seconds.
  package var totalTimeRatio: Double?

  package enum CodingKeys: String, CodingKey {
    case languageModelReduction = "language_model_macs_reduction"
    case totalReduction = "total_macs_reduction"
    case languageModelTimeRatio = "language_model_time_ratio"
    case totalTimeRatio = "total_time_ratio"
  }
}
