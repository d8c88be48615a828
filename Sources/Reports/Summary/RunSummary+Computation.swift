internal import Manipulation
package import Outcomes

extension RunSummary {
  /// The confidence of every interval.
  package static let confidence = 0.95
  /// The method that the others are held against.
  package static let denseMethod = "dense"

  private static let conventions = [
    "1 MAC = 2 FLOPs",
    "nominal: what the layer masks and the published formulas say",
    "executed: multiply-accumulates counted where they ran",
    "measured: wall-clock seconds, without the warm-up queries",
    "language model: router and language layers of one prefill, the paper's \"FLOPs (G)\"",
  ]

  private static let batchConvention =
    "batch: so many queries at most were answered together; a measured time is a query's share, and"
    + " no latency"

  /// What its numbers mean beside compute, by mode.
  private static func judgement(_ mode: EvaluationMode) -> [String] {
    switch mode {
    case .replay:
      [
        "key-frame match is an offline number of replayed recordings, and no success",
        "open loop: the answers to recorded observations, carried out from the recorded start in"
          + " a simulator, which judged success",
      ]
    case .rollout:
      [
        "closed loop: the policy acted in a simulator, which judged success; it is success in"
          + " these worlds and in no others",
        "success_once: solved at some time; success_at_end: solved when the episode ended",
      ]
    }
  }

  /// Reads the run's journal from beginning to end and computes all numbers.
  ///
  /// - Parameters:
  ///   - run: The run that is read.
  ///   - observe: Is given each episode as well, in the journal's order.
  /// - Throws: `ReportError` for a line that is not of this run.
  package init(
    of run: RunDirectory, observe: (EpisodeOutcome) -> Void = { _ in }
  ) throws {
    let manifest = run.manifest
    var tallies: [String: MethodTally] = [:]
    var listed: Set<String> = []
    // A task whose demonstrations lie in two files is listed twice and is one task all the same.
    let tasks = manifest.tasks.map(\.name).filter { listed.insert($0).inserted }
    for method in manifest.methods {
      tallies[method.name] = MethodTally(
        method: method, tasks: tasks,
        pooledName: manifest.plan.mode == .rollout ? "pooled episodes" : "pooled queries")
    }
    try run.forEachEpisode { outcome in
      tallies[outcome.method]?.add(outcome)
      observe(outcome)
    }
    let methods = manifest.methods.compactMap { tallies[$0.name]?.summary }
    self.init(manifest: manifest, methods: methods)
  }

  private init(manifest: RunManifest, methods: [MethodSummary]) {
    schemaVersion = RunSummary.currentSchema
    mode = manifest.plan.mode
    suite = manifest.plan.suite
    let isBatched = methods.contains { $0.pooled.latency?.batch != nil }
    conventions =
      RunSummary.conventions + (isBatched ? [RunSummary.batchConvention] : [])
      + RunSummary.judgement(manifest.plan.mode)
    confidence = RunSummary.confidence
    positionTolerance = manifest.plan.positionTolerance
    rotationTolerance = manifest.plan.rotationTolerance
    plannedEpisodes = manifest.tasks.reduce(0) { $0.addingReportingOverflow($1.episodes).0 }
    let dense = methods.first { $0.name == RunSummary.denseMethod }
    self.methods = methods.map { method in dense.map(method.compared(with:)) ?? method }
  }
}

/// Collects the outcomes of one method.
private struct MethodTally {
  let method: MethodDescription
  let tasks: [String]
  private let pooledName: String
  private var byTask: [String: GroupTally]
  private var all: GroupTally
  private var latencies: LatencyProfileTally
  private var differences: LayerDifferenceTally
  private var exits: ExitCurveTally?

  init(method: MethodDescription, tasks: [String], pooledName: String) {
    self.method = method
    self.tasks = tasks
    self.pooledName = pooledName
    all = GroupTally(layerCount: method.layerCount, confidence: RunSummary.confidence)
    latencies = LatencyProfileTally(method: method, confidence: RunSummary.confidence)
    differences = LayerDifferenceTally(method: method, confidence: RunSummary.confidence)
    exits = ExitCurveTally(method: method)
    byTask = Dictionary(tasks.map { [all] in ($0, all) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func add(_ outcome: EpisodeOutcome) {
    byTask[outcome.episode.task]?.add(outcome)
    all.add(outcome)
    latencies.add(outcome)
    differences.add(outcome)
    exits?.add(outcome)
  }

  var summary: MethodSummary {
    let groups = tasks.compactMap { byTask[$0]?.summary(name: $0) }
    return MethodSummary(
      name: method.name, layerCount: method.layerCount, tasks: groups,
      meanOverTasks: GroupSummary(meanOf: groups), pooled: all.summary(name: pooledName),
      latencyProfile: latencies.profile,
      layerDifferences: differences.differences(tasks: tasks, pooledName: pooledName),
      exitCurve: exits?.curve)
  }
}

extension MethodSummary {
  /// The same with each group held against the dense method's.
  fileprivate func compared(with dense: MethodSummary) -> MethodSummary {
    var copy = self
    for (index, group) in dense.tasks.enumerated() where index < tasks.count {
      copy.tasks[index].againstDense = DenseComparison(of: tasks[index], with: group)
    }
    copy.meanOverTasks.againstDense = DenseComparison(of: meanOverTasks, with: dense.meanOverTasks)
    copy.pooled.againstDense = DenseComparison(of: pooled, with: dense.pooled)
    return copy
  }
}

extension DenseComparison {
  fileprivate init(of group: GroupSummary, with dense: GroupSummary) {
    func ratio(_ over: Double?, _ under: Double?) -> Double? {
      guard let over, let under, under > 0 else { return nil }
      return over / under
    }
    self.init(
      languageModelReduction: ratio(dense.executed?.languageModel, group.executed?.languageModel),
      totalReduction: ratio(dense.executed?.total, group.executed?.total),
      languageModelTimeRatio: ratio(
        group.latency?.languageModel.mean, dense.latency?.languageModel.mean),
      totalTimeRatio: ratio(group.latency?.total.mean, dense.latency?.total.mean))
  }
}
