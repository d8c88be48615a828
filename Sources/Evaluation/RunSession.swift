import Foundation
package import Outcomes

/// A run that is ready to start: what it does, and what `run.json` will say of it.
package struct PreparedRun {
  package var run: EvaluationRun
  package var manifest: RunManifest

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - checkpointFiles: Digests of what the policies are made of.
  ///   - demonstrations: Digests of the files, in the plan's order.
  ///   - taskFiles: Digests of what the simulated tasks are made of; `nil` without any.
  package init(
    run: EvaluationRun, plan: EvaluationPlan, command: [String], environment: RunEnvironment,
    checkpointFiles: [FileDigest], demonstrations: [FileDigest], taskFiles: [FileDigest]? = nil
  ) {
    self.run = run
    manifest = RunManifest(
      command: command, plan: plan, environment: environment, checkpointFiles: checkpointFiles,
      demonstrations: demonstrations, taskFiles: taskFiles, methods: run.methodDescriptions,
      tasks: run.taskDescriptions, startedAt: Date().formatted(.iso8601))
  }
}

/// Who watches a run.
package struct RunWatcher {
  /// Asked before each line or turn; a run that stops can be resumed.
  package var shouldStop: () -> Bool
  /// Told of each line.
  package var report: (RunProgress) -> Void
  /// Told in one sentence of what a person should know.
  package var notify: (String) -> Void

  package init(
    shouldStop: @escaping () -> Bool = { false },
    report: @escaping (RunProgress) -> Void = { _ in },
    notify: @escaping (String) -> Void = { _ in }
  ) {
    self.shouldStop = shouldStop
    self.report = report
    self.notify = notify
  }
}

/// Runs in their directories, from claim to completion.
package enum RunSession {
  /// Starts a run in a new directory.
  ///
  /// The directory is claimed before the work of preparation. When that or the first episode
  /// fails nothing is left; later failures leave a run that can be resumed.
  ///
  /// - Returns: Whether the run is complete, or stopped on request.
  package static func start(
    at path: String, watcher: RunWatcher = RunWatcher(), prepare: () throws -> PreparedRun
  ) throws -> RunStatus {
    let directory = try HeldDirectory.claim(path)
    do {
      let run = try prepare()
      try directory.start(run.manifest)
      return try execute(run.run, run.manifest, in: directory, watcher: watcher)
    } catch {
      if directory.holdsNoEpisode { directory.abandon() }
      throw error
    }
  }

  /// Goes on with a run that was interrupted, however rudely.
  ///
  /// - Parameters:
  ///   - asked: Gives the plan that is asked for now, from the plan in the directory.
  ///   - prepare: Prepares the run again from the plan in its directory.
  /// - Throws: `planDiffers` when another plan is asked for; `changedSinceStart` when inputs or
  ///   methods are not what they were.
  package static func resume(
    at path: String, watcher: RunWatcher = RunWatcher(),
    asked: (EvaluationPlan) throws -> EvaluationPlan = { $0 },
    prepare: (EvaluationPlan) throws -> PreparedRun
  ) throws -> RunStatus {
    let directory = try HeldDirectory.resume(path)
    let stored = try directory.manifest()
    try asked(stored.plan).check(resuming: stored.plan, at: path)
    guard stored.status == .running else {
      watcher.notify("The run '\(path)' is complete; there is nothing to resume.")
      return .complete
    }
    let run = try prepare(stored.plan)
    try stored.checkSame(as: run.manifest, path: path)
    if stored.environment != run.manifest.environment {
      watcher.notify(
        "The run '\(path)' started on another machine or program version; times and last digits"
          + " may differ from here on.")
    }
    return try execute(run.run, stored, in: directory, watcher: watcher)
  }

  private static func execute(
    _ run: EvaluationRun, _ manifest: RunManifest, in directory: borrowing HeldDirectory,
    watcher: RunWatcher
  ) throws -> RunStatus {
    let status = try run.run(
      appendingTo: directory.journal(), shouldStop: watcher.shouldStop, report: watcher.report)
    guard status == .complete else { return status }
    var finished = manifest
    finished.status = .complete
    finished.finishedAt = Date().formatted(.iso8601)
    try directory.write(finished)
    return status
  }
}

extension RunManifest {
  /// Checks that a run prepared now would go on as this one began.
  fileprivate func checkSame(as now: RunManifest, path: String) throws {
    func changed(_ what: String) -> EvaluationError {
      .changedSinceStart(path: path, what: what)
    }
    if let file = firstChange(checkpointFiles, now.checkpointFiles) {
      throw changed("the checkpoint's file '\(file)' has changed")
    }
    if let file = firstChange(demonstrations, now.demonstrations) {
      throw changed("the demonstration file '\(file)' has changed")
    }
    if let file = firstChange(taskFiles ?? [], now.taskFiles ?? []) {
      throw changed("the task file '\(file)' has changed")
    }
    guard plan == now.plan else { throw changed("its plan has changed") }
    guard methods == now.methods else { throw changed("a method's parameters have changed") }
    guard tasks == now.tasks else { throw changed("the tasks or their episodes have changed") }
  }

  private func firstChange(_ before: [FileDigest], _ now: [FileDigest]) -> String? {
    let missing = before.first { !now.contains($0) }
    return missing?.path ?? now.first { !before.contains($0) }?.path
  }
}
