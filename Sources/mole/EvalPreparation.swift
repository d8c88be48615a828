import Evaluation
import Foundation
import Manipulation
import Outcomes
import TensorMath

/// Makes a plan into a run: digests, episodes or worlds, policies.
struct EvalPreparation {
  let plan: EvaluationPlan
  let worlds: EvalWorlds
  var keepers: [any RolloutKeeper] = []
  /// Whether a rollout's pictures are drawn although nobody is known to look.
  var alwaysShows = false
  let notify: (String) -> Void

  func run() throws -> PreparedRun {
    let threads = plan.threads ?? ProcessInfo.processInfo.activeProcessorCount
    ComputeThreads.set(threads)
    notify("Computing the digests of what is read.")
    let demonstrations = try demonstrationFiles.map { try WatchedFile($0) }
    let checkpoint = plan.needsCheckpoint ? try WatchedFile.all(inFolder: plan.checkpoint) : []
    let tasks = try makeTasks()
    let methods = try makePolicies(plan: plan, notify: notify, calibration: calibrationQueries)
    let taskFiles = try worlds.taskFiles(of: simulatedTasks(among: tasks))
    return PreparedRun(
      run: try EvaluationRun(plan: plan, methods: methods, tasks: tasks), plan: plan,
      command: CommandLine.arguments,
      environment: .current(threads: threads, libraries: ProductEngines.descriptions),
      checkpointFiles: checkpoint.map(\.digest), demonstrations: demonstrations.map(\.digest),
      taskFiles: taskFiles?.map(\.digest),
      inputs: checkpoint + demonstrations + (taskFiles ?? []))
  }

  /// Those that are replayed, and those of the calibration alone.
  private var demonstrationFiles: [String] {
    plan.demonstrations
      + plan.calibrationDemonstrations.filter { !plan.demonstrations.contains($0) }
  }

  private func makeTasks() throws -> [any EvaluatedTask] {
    switch plan.mode {
    case .replay:
      return try plan.demonstrations.map { path in
        let source = try DemonstrationSource(opening: path, plan: plan)
        return Replay(source, plan: plan, environment: try openLoop(of: source.task))
      }
    case .rollout:
      return try plan.tasks.map { task in
        try Rollout(
          plan: plan, keepers: keepers,
          environment: worlds.environment(of: task, plan: plan, showing: showsPictures))
      }
    }
  }

  /// Rendering takes longer than anything else for methods that do not look.
  private var showsPictures: Bool { plan.needsCheckpoint || !keepers.isEmpty || alwaysShows }

  private func openLoop(of task: String) throws -> (() throws -> any Environment)? {
    guard plan.openLoop else { return nil }
    guard worlds.has(task) else {
      notify("There is no world of '\(task)', so no answers are carried out in it.")
      return nil
    }
    return try worlds.environment(of: task, plan: plan, showing: false)
  }

  private func simulatedTasks(among tasks: [any EvaluatedTask]) -> [String] {
    let names = tasks.map(\.description.name)
    return plan.mode == .rollout ? names : names.filter { plan.openLoop && worlds.has($0) }
  }

  private func calibrationQueries() throws -> [PolicyQuery] {
    var whole = plan
    whole.split = .all
    return try plan.calibrationFiles.flatMap {
      try DemonstrationSource(opening: $0, plan: whole).calibrationQueries()
    }
  }
}
