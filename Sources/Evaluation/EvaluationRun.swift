import Manipulation
package import Outcomes

/// Lets policies take the episodes of tasks and writes down what came of it.
///
/// For one plan and the same inputs the journal is the same, timings aside, however often the run
/// is interrupted and however many questions are asked at once.
package struct EvaluationRun {
  let plan: EvaluationPlan
  let methods: [EvaluatedMethod]
  let tasks: [any EvaluatedTask]
  let schedule: EpisodeSchedule

  /// Lays out a run.
  ///
  /// - Throws: `EvaluationError` when a method or a task is there twice, or nothing is to do.
  package init(
    plan: EvaluationPlan, methods: [EvaluatedMethod], tasks: [any EvaluatedTask]
  ) throws {
    self.plan = plan
    self.methods = methods
    self.tasks = tasks
    schedule = EpisodeSchedule(
      methodCount: methods.count, episodeCounts: tasks.map(\.description.episodes),
      shard: plan.shard)
    try checkNames()
    guard !schedule.entries.isEmpty else { throw emptySchedule }
  }

  /// What `run.json` says of the methods.
  package var methodDescriptions: [MethodDescription] {
    methods.map {
      MethodDescription(
        name: $0.name, layerCount: $0.policy.layerCount, parameters: $0.parameters,
        warmupQueries: plan.warmup)
    }
  }

  /// What `run.json` says of the tasks: all shards together.
  package var taskDescriptions: [TaskDescription] { tasks.map(\.description) }

  /// The lines of the journal of a complete run, or of this shard.
  package var lineCount: Int { schedule.entries.count }

  /// Evaluates what the journal does not hold yet.
  ///
  /// - Parameters:
  ///   - journal: Holds a beginning of this run, or nothing.
  ///   - shouldStop: Asked before each line, and each turn of several questions; a run that stops
  ///     writes what it has begun, in order, and can be resumed.
  ///   - report: Told of each line.
  /// - Returns: Whether every line is written.
  /// - Throws: What a task, a policy or the journal throws. The journal stays resumable.
  package func run(
    appendingTo journal: borrowing Journal, shouldStop: () -> Bool = { false },
    report: (RunProgress) -> Void = { _ in }
  ) throws -> RunStatus {
    try check(journal.outcomes, path: journal.path)
    var pass = EpisodePass(plan: plan, methods: methods)
    var line = journal.outcomes.count
    let progress = RunProgress(
      completed: line, resumedAt: line, total: lineCount, method: "", task: "")
    while line < lineCount, !shouldStop() {
      let source = schedule.entries[line].source
      let last = schedule.entries[line...].firstIndex { $0.source != source } ?? lineCount
      let end = try pass.take(
        line..<last, of: schedule.entries, task: tasks[source], shouldStop: shouldStop
      ) { finished, line in
        try finished.keep()
        try journal.append(finished.outcome)
        var progress = progress
        progress.completed = line + 1
        (progress.method, progress.task) = (finished.outcome.method, finished.outcome.episode.task)
        report(progress)
      }
      guard end == last else { return .running }
      line = end
    }
    return line < lineCount ? .running : .complete
  }
}

/// How far a run has come.
package struct RunProgress: Equatable, Sendable {
  /// Lines in the journal.
  package var completed: Int
  /// Lines that were there when this process took up the run.
  package var resumedAt: Int
  package var total: Int
  package var method: String
  package var task: String

  package init(completed: Int, resumedAt: Int, total: Int, method: String, task: String) {
    self.completed = completed
    self.resumedAt = resumedAt
    self.total = total
    self.method = method
    self.task = task
  }
}

extension EvaluationRun {
  private var emptySchedule: EvaluationError {
    switch plan.mode {
    case .replay: .nothingToEvaluate(files: tasks.map(\.source), split: plan.split.rawValue)
    case .rollout:
      .noEpisodes(tasks: tasks.map(\.description.name), shard: plan.shard?.description)
    }
  }

  private func checkNames() throws {
    var sources: [String: String] = [:]
    for task in tasks {
      if let other = sources.updateValue(task.source, forKey: task.description.name) {
        throw EvaluationError.duplicateTask(task.description.name, files: [other, task.source])
      }
    }
    var names: Set<String> = []
    for method in methods where !names.insert(method.name).inserted {
      throw EvaluationError.duplicateMethod(method.name)
    }
  }

  /// The journal must be a beginning of this very run.
  private func check(_ outcomes: [JournaledEpisode], path: String) throws {
    guard outcomes.count <= lineCount else {
      throw EvaluationError.damagedJournal(
        path: path, line: lineCount + 1, problem: "the plan has only \(lineCount) episodes")
    }
    for (index, found) in outcomes.enumerated() { try check(found, atLine: index, path: path) }
  }

  /// A line must be the one that the schedule puts there.
  ///
  /// - Parameter line: Its position from 0, within the schedule.
  func check(_ found: JournaledEpisode, atLine line: Int, path: String) throws {
    let entry = schedule.entries[line]
    let (method, task) = (methods[entry.method].name, tasks[entry.source])
    let (name, taskName) = (try task.episodeName(at: entry.episode), task.description.name)
    guard found.method == method, found.episode.task == taskName,
      found.episode.name == name, found.seed == found.episode.seed(runSeed: plan.seed)
    else {
      throw EvaluationError.damagedJournal(
        path: path, line: line + 1,
        problem: "expected '\(method)' on '\(name)' of '\(taskName)' with the plan's seed,"
          + " but it holds '\(found.method)' on '\(found.episode.name)' of"
          + " '\(found.episode.task)'")
    }
  }
}
