internal import Manipulation
internal import Outcomes

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
    "key-frame match is an offline number of replayed recordings; no success was judged",
  ]

  /// Reads the run's journal from beginning to end and computes all numbers.
  ///
  /// - Throws: `ReportError` for a line that is not of this run.
  package init(of run: RunDirectory) throws {
    let manifest = run.manifest
    var tallies: [String: MethodTally] = [:]
    var listed: Set<String> = []
    // A task whose demonstrations lie in two files is listed twice and is one task all the same.
    let tasks = manifest.tasks.map(\.name).filter { listed.insert($0).inserted }
    for method in manifest.methods {
      tallies[method.name] = MethodTally(method: method, tasks: tasks)
    }
    try run.forEachEpisode { tallies[$0.method]?.add($0) }
    let methods = manifest.methods.compactMap { tallies[$0.name]?.summary }
    self.init(manifest: manifest, methods: methods)
  }

  private init(manifest: RunManifest, methods: [MethodSummary]) {
    schemaVersion = RunSummary.currentSchema
    suite = manifest.plan.suite
    conventions = RunSummary.conventions
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
  private var byTask: [String: GroupTally]
  private var all: GroupTally

  init(method: MethodDescription, tasks: [String]) {
    self.method = method
    self.tasks = tasks
    all = GroupTally(layerCount: method.layerCount, confidence: RunSummary.confidence)
    byTask = Dictionary(tasks.map { [all] in ($0, all) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func add(_ outcome: EpisodeOutcome) {
    byTask[outcome.episode.task]?.add(outcome)
    all.add(outcome)
  }

  var summary: MethodSummary {
    let groups = tasks.compactMap { byTask[$0]?.summary(name: $0) }
    return MethodSummary(
      name: method.name, layerCount: method.layerCount, tasks: groups,
      meanOverTasks: GroupSummary(meanOf: groups), pooled: all.summary(name: "pooled queries"))
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
