import Foundation
package import Outcomes

/// A run that is ready to start: what it does, and what `run.json` will say of it.
package struct PreparedRun {
  package var run: EvaluationRun
  package var manifest: RunManifest
  /// The files that are read while it runs.
  package var inputs: [WatchedFile]

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - checkpointFiles: Digests of what the policies are made of.
  ///   - demonstrations: Digests of the files, in the plan's order.
  ///   - taskFiles: Digests of what the simulated tasks are made of; `nil` without any.
  ///   - inputs: The files behind the digests, where it shall be seen if they change.
  package init(
    run: EvaluationRun, plan: EvaluationPlan, command: [String], environment: RunEnvironment,
    checkpointFiles: [FileDigest], demonstrations: [FileDigest], taskFiles: [FileDigest]? = nil,
    inputs: [WatchedFile] = []
  ) {
    self.run = run
    self.inputs = inputs
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
      return try execute(run, run.manifest, in: directory, watcher: watcher)
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
  ///   methods are not what they were; `changedWhileRunning`.
  package static func resume(
    at path: String, watcher: RunWatcher = RunWatcher(),
    asked: (EvaluationPlan) throws -> EvaluationPlan = { $0 },
    prepare: (EvaluationPlan) throws -> PreparedRun
  ) throws -> RunStatus {
    let directory = try HeldDirectory.resume(path)
    let stored = try directory.manifest()
    try asked(stored.plan).check(resuming: stored.plan, at: path)
    try stored.checkInputsStayed(path: path)
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
    return try execute(run, stored, in: directory, watcher: watcher)
  }

  private static func execute(
    _ prepared: PreparedRun, _ manifest: RunManifest, in directory: borrowing HeldDirectory,
    watcher: RunWatcher
  ) throws -> RunStatus {
    let status = try prepared.run.run(
      appendingTo: directory.journal(), shouldStop: watcher.shouldStop, report: watcher.report)
    var now = manifest
    let changed = prepared.inputs.filter(\.hasChanged).map(\.digest.path)
    if !changed.isEmpty { now.changedWhileRunning = changed }
    if status == .complete {
      now.status = .complete
      now.finishedAt = Date().formatted(.iso8601)
    }
    if now != manifest { try directory.write(now) }
    try now.checkInputsStayed(path: directory.path)
    return status
  }
}

extension RunManifest {
  /// Checks that nobody changed what the run read while it read it.
  ///
  /// - Throws: `changedWhileRunning`.
  func checkInputsStayed(path: String) throws {
    guard let file = changedWhileRunning?.first else { return }
    throw EvaluationError.changedWhileRunning(path: path, file: file)
  }

  /// Checks that a run prepared now would go on as this one began.
  ///
  /// - Throws: `changedSinceStart`.
  func checkSame(as now: RunManifest, path: String) throws {
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
