/// What a run was asked for and what it ran on: the file `run.json` of a run directory.
package struct RunManifest: Codable, Equatable, Sendable {
  /// The most bytes of a `run.json` that is read.
  package static let byteLimit = 64 << 20

  /// The layout of the run directory that this code writes and reads.
  package static let currentSchema = "mole-run-1"

  package var schemaVersion: String
  package var status: RunStatus
  /// The command line, program first.
  package var command: [String]
  /// The plan with every default filled in.
  package var plan: EvaluationPlan
  package var environment: RunEnvironment
  package var checkpointFiles: [FileDigest]
  package var demonstrations: [FileDigest]
  /// The definitions of the simulated tasks; absent where nothing was simulated.
  package var taskFiles: [FileDigest]?
  /// In the order in which they are evaluated.
  package var methods: [MethodDescription]
  /// The tasks in the order in which they are evaluated, of the whole run.
  package var tasks: [TaskDescription]
  /// ISO 8601, in UTC.
  package var startedAt: String
  package var finishedAt: String?
  /// The shards that a merged run was put together from; absent otherwise.
  package var mergedFrom: [MergedShard]?
  /// The files that were seen to change while the run read them; absent otherwise.
  package var changedWhileRunning: [String]?

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case status
    case command
    case plan
    case environment
    case checkpointFiles = "checkpoint_files"
    case demonstrations
    case taskFiles = "task_files"
    case methods
    case tasks
    case startedAt = "started_at"
    case finishedAt = "finished_at"
    case mergedFrom = "merged_from"
    case changedWhileRunning = "changed_while_running"
  }

  package init(
    status: RunStatus = .running, command: [String], plan: EvaluationPlan,
    environment: RunEnvironment, checkpointFiles: [FileDigest], demonstrations: [FileDigest],
    taskFiles: [FileDigest]? = nil, methods: [MethodDescription], tasks: [TaskDescription],
    startedAt: String,
    finishedAt: String? = nil
  ) {
    schemaVersion = RunManifest.currentSchema
    self.status = status
    self.command = command
    self.plan = plan
    self.environment = environment
    self.checkpointFiles = checkpointFiles
    self.demonstrations = demonstrations
    self.taskFiles = taskFiles
    self.methods = methods
    self.tasks = tasks
    self.startedAt = startedAt
    self.finishedAt = finishedAt
  }

  /// The number of episodes of each method in the whole run, all shards together.
  package var episodesPerMethod: Int { tasks.reduce(0) { $0 + $1.episodes } }
}

/// A shard that went into a merged run, and what it ran on.
package struct MergedShard: Codable, Equatable, Sendable {
  package var shard: Shard
  package var environment: RunEnvironment

  package init(shard: Shard, environment: RunEnvironment) {
    self.shard = shard
    self.environment = environment
  }
}

/// How far a run has come.
package enum RunStatus: String, Codable, Sendable {
  /// It runs, or was interrupted; `--resume` goes on.
  case running
  /// Every episode of the plan (or of its shard) is in the journal.
  case complete
}

/// A file that a run read, told from every other by its content.
package struct FileDigest: Codable, Equatable, Sendable {
  package var path: String
  package var bytes: Int
  /// In lower-case hexadecimal digits.
  package var sha256: String

  package init(path: String, bytes: Int, sha256: String) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// A method as it ran, with what was set or calibrated before the first query.
package struct MethodDescription: Codable, Equatable, Sendable {
  package var name: String
  /// The layers of the policy's language model; 0 for a script.
  package var layerCount: Int
  /// Such as `kept_layers`, `exit_thresholds`.
  package var parameters: [String: MethodParameter]
  /// Queries asked before the first recorded one, and not recorded.
  package var warmupQueries: Int

  package enum CodingKeys: String, CodingKey {
    case name
    case layerCount = "layer_count"
    case parameters
    case warmupQueries = "warmup_queries"
  }

  package init(
    name: String, layerCount: Int, parameters: [String: MethodParameter] = [:],
    warmupQueries: Int
  ) {
    self.name = name
    self.layerCount = layerCount
    self.parameters = parameters
    self.warmupQueries = warmupQueries
  }
}

/// A task of a run and the number of episodes that the plan takes of it.
package struct TaskDescription: Codable, Equatable, Sendable {
  package var name: String
  package var episodes: Int
  /// The most actions an episode may take; absent in replay.
  package var budget: Int?

  package init(name: String, episodes: Int, budget: Int? = nil) {
    self.name = name
    self.episodes = episodes
    self.budget = budget
  }
}
