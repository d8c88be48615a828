import Foundation
import Gates
import Manipulation
import Outcomes
import Reports

/// Runs that were never run, whose every difference is known.
enum Planted {
  static let tasks = ["close_jar", "pour", "push"]

  static func manifest(
    _ mode: EvaluationMode = .rollout, methods: [String] = ["mole"], tasks: [String] = tasks,
    episodes: Int = 4
  ) -> RunManifest {
    var plan = EvaluationPlan(
      demonstrations: mode == .replay ? tasks.map { "\($0).hdf5" } : [], checkpoint: "c",
      methods: methods)
    plan.mode = mode
    plan.suite = "kitchen"
    plan.tasks = mode == .rollout ? tasks : []
    let files = tasks.map { FileDigest(path: "\($0)/task.yaml", bytes: 9, sha256: "1\($0)") }
    return RunManifest(
      status: .complete, command: ["mole", "eval"], plan: plan,
      environment: RunEnvironment(
        commit: "1234", uncommittedChanges: false, compiler: "6.3", optimized: true,
        libraries: ["MuJoCo": "4.0"], processor: "EPYC", processorCount: 2, threads: 2,
        operatingSystem: "Linux"),
      checkpointFiles: [],
      demonstrations: plan.demonstrations.map { FileDigest(path: $0, bytes: 9, sha256: "2\($0)") },
      taskFiles: mode == .rollout
        ? files + [FileDigest(path: "common/panda.xml", bytes: 9, sha256: "3")] : nil,
      methods: methods.map { MethodDescription(name: $0, layerCount: 4, warmupQueries: 2) },
      tasks: tasks.map {
        TaskDescription(name: $0, episodes: episodes, budget: mode == .rollout ? 10 : nil)
      },
      startedAt: "2026-01-01T00:00:00Z")
  }

  /// An episode of a closed loop of one query.
  static func rolledOut(
    _ task: String, _ index: Int, method: String = "mole", solved: Bool, atEnd: Bool? = nil,
    layers: [Float] = [1, 0, 1, 0], macs: Int = 1000, seconds: Double = 0.1
  ) -> EpisodeOutcome {
    let identity = identity(task, index)
    return EpisodeOutcome(
      rolledOut: identity, method: method, instruction: "do it", seed: identity.seed(runSeed: 0),
      queries: [query(layers: layers, macs: macs, seconds: seconds)], successOnce: solved,
      successAtEnd: atEnd ?? solved, failure: nil, actions: 1, simulatedSeconds: 2)
  }

  /// A replayed episode with as many key frames as there are answers.
  static func replayed(
    _ task: String, _ index: Int, method: String = "mole", matches: [Bool],
    errors: [Double?]? = nil
  ) -> EpisodeOutcome {
    let identity = identity(task, index)
    let queries = matches.enumerated().map { place, matches in
      var query = query(layers: [1, 0, 1, 0], macs: 1000, seconds: 0.1)
      query.step = place
      query.frameIndex = place * 10
      query.demonstratedAction = [Float(place), 1]
      query.keyframeMatch = matches
      query.gripperAgreement = matches
      query.positionError = errors.map { $0[place] } ?? (matches ? 0.01 : 0.1)
      return query
    }
    return EpisodeOutcome(
      replayed: identity, method: method, instruction: "do it", seed: identity.seed(runSeed: 0),
      queries: queries)
  }

  private static func identity(_ task: String, _ index: Int) -> EpisodeIdentity {
    EpisodeIdentity(
      suite: "kitchen", task: task, variation: index % 2, name: "demo_\(index)", index: index)
  }

  private static func query(layers: [Float], macs: Int, seconds: Double) -> QueryOutcome {
    let count = MACCount([.languageLayers: macs])
    return QueryOutcome(
      step: 0, predictedAction: [1], layers: LayerMask(shares: layers),
      compute: ComputeCount(nominal: count, executed: count),
      timing: QueryTiming(seconds: [.languageLayers: seconds], totalSeconds: seconds))
  }
}

/// A pair of runs to be held against each other.
struct PlantedPair {
  var base: (manifest: RunManifest, outcomes: [EpisodeOutcome])
  var candidate: (manifest: RunManifest, outcomes: [EpisodeOutcome])

  /// Rollouts in which the sides divide each task's episodes as the counts say.
  static func rollouts(
    _ counts: [(task: String, results: [Int])], method: String = "mole"
  ) -> PlantedPair {
    var (base, candidate): ([EpisodeOutcome], [EpisodeOutcome]) = ([], [])
    for (task, count) in counts {
      let results = [(true, true), (true, false), (false, true), (false, false)]
      let pairs = zip(results, count).flatMap { [(Bool, Bool)](repeating: $0, count: $1) }
      for (index, pair) in pairs.enumerated() {
        base.append(Planted.rolledOut(task, index, method: method, solved: pair.0))
        candidate.append(Planted.rolledOut(task, index, method: method, solved: pair.1))
      }
    }
    let manifest = Planted.manifest(methods: [method], tasks: counts.map(\.task))
    return PlantedPair(base: (manifest, base), candidate: (manifest, candidate))
  }

  /// Four alike episodes of each of three tasks.
  static func alike(_ mode: EvaluationMode = .rollout) -> PlantedPair {
    let outcomes = Planted.tasks.flatMap { task in
      (0..<4).map { index in
        mode == .rollout
          ? Planted.rolledOut(task, index, solved: index > 0)
          : Planted.replayed(task, index, matches: [true, index > 0])
      }
    }
    let manifest = Planted.manifest(mode)
    return PlantedPair(base: (manifest, outcomes), candidate: (manifest, outcomes))
  }

  func compared(
    baseMethod: String? = nil, candidateMethod: String? = nil, tasks: [String]? = nil
  ) throws -> RunComparison {
    let sides = (
      RunSide(named: "base", manifest: base.manifest, outcomes: base.outcomes),
      RunSide(named: "new", manifest: candidate.manifest, outcomes: candidate.outcomes)
    )
    let methods = try MethodPair.choose(
      base: sides.0, candidate: sides.1, baseMethod: baseMethod,
      candidateMethod: candidateMethod)
    return try RunComparison(base: sides.0, candidate: sides.1, methods: methods, tasks: tasks)
  }

  func judged(
    by settings: GateSettings = GateSettings(), allowPartial: Bool = false,
    sequentially: Bool = false
  ) throws -> GateReport {
    GateReport(
      judging: try compared(), by: settings, allowPartial: allowPartial,
      sequentially: sequentially)
  }
}
