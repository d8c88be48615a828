import Foundation
import Manipulation
import Outcomes
import Reports

/// A run directory made for a test, removed with it.
final class RunFixture {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a run and opens it.
  convenience init(manifest: RunManifest, outcomes: [EpisodeOutcome]) throws {
    try self.init()
    try write(manifest, lines: outcomes.map { try OutcomeCoding.line($0) })
  }

  func write(_ manifest: RunManifest, lines: [Data], tail: String = "") throws {
    try OutcomeCoding.document(manifest).write(to: url.appending(path: RunFile.manifest))
    var journal = Data()
    for line in lines { journal += line + Data("\n".utf8) }
    try (journal + Data(tail.utf8)).write(to: url.appending(path: RunFile.journal))
  }

  func summary() throws -> RunSummary {
    try withExtendedLifetime(self) { try RunSummary(of: open()) }
  }

  /// The folder lives no longer than this object.
  func open() throws -> RunDirectory { try RunDirectory(opening: url) }
}

extension RunManifest {
  /// A manifest of two tasks and four layers unless told otherwise.
  static func sample(
    methods: [String] = ["dense", "mole"], tasks: [String] = ["pour", "push"], episodes: Int = 2,
    layerCount: Int = 4
  ) -> RunManifest {
    var plan = EvaluationPlan(demonstrations: ["a.h5"], checkpoint: "c", methods: methods)
    plan.suite = "kitchen"
    return RunManifest(
      status: .complete, command: ["mole", "eval"], plan: plan,
      environment: RunEnvironment(
        commit: nil, uncommittedChanges: nil, compiler: "6.3", optimized: true, libraries: [:],
        processor: "p", processorCount: 2, threads: 2, operatingSystem: "Linux"),
      checkpointFiles: [], demonstrations: [],
      methods: methods.map {
        MethodDescription(name: $0, layerCount: layerCount, warmupQueries: 2)
      },
      tasks: tasks.map { TaskDescription(name: $0, episodes: episodes) },
      startedAt: "2026-01-01T00:00:00Z")
  }
}

extension EpisodeOutcome {
  static func sample(
    _ method: String, _ task: String, _ index: Int, _ queries: [QueryOutcome]
  ) -> EpisodeOutcome {
    EpisodeOutcome(
      replayed: EpisodeIdentity(
        suite: "kitchen", task: task, variation: 0, name: "demo_\(index)", index: index),
      method: method, instruction: "do it", seed: 7, queries: queries)
  }
}

extension QueryOutcome {
  /// A query of a network with 100 MACs a layer, 50 for vision, 10 for the router of a method
  /// that skips; a second takes 100 MACs, and the whole 0.5 seconds more than its parts.
  static func sample(
    match: Bool, position: Double?, rotation: Double?, gripper: Bool, layers: [Float],
    failure: OutcomeFailure? = nil
  ) -> QueryOutcome {
    let skips = layers.contains { $0 < 1 }
    let counts: [PolicyPart: Int] = [
      .vision: 50, .router: skips ? 10 : 0,
      .languageLayers: layers.reduce(0) { $0 + Int($1 * 100) },
    ]
    var nominal = MACCount(counts)
    nominal[.router] = 0
    let seconds = counts.mapValues { Double($0) / 100 }
    return QueryOutcome(
      frameIndex: 0, step: 0, predictedAction: [], demonstratedAction: [],
      positionError: position, rotationError: rotation, gripperAgreement: gripper,
      keyframeMatch: match, failure: failure, layers: LayerMask(shares: layers),
      compute: ComputeCount(nominal: nominal, executed: MACCount(counts)),
      timing: QueryTiming(
        seconds: seconds, totalSeconds: 0.5 + seconds.values.reduce(0, +)))
  }
}

/// Two methods × two tasks, small enough to compute by hand.
enum TinyRun {
  private static let all: [Float] = [1, 1, 1, 1]

  static let outcomes: [EpisodeOutcome] = [
    .sample(
      "dense", "pour", 0,
      [
        .sample(match: true, position: 0.01, rotation: 2, gripper: true, layers: all),
        .sample(match: false, position: 0.05, rotation: 20, gripper: true, layers: all),
      ]),
    .sample(
      "dense", "pour", 1,
      [.sample(match: true, position: 0.02, rotation: 4, gripper: true, layers: all)]),
    .sample(
      "dense", "push", 0,
      [.sample(match: false, position: 0.1, rotation: 40, gripper: false, layers: all)]),
    .sample(
      "mole", "pour", 0,
      [
        .sample(match: true, position: 0.02, rotation: 3, gripper: true, layers: [1, 0, 1, 0]),
        .sample(match: false, position: 0.04, rotation: 9, gripper: true, layers: [1, 1, 0, 0]),
      ]),
    .sample(
      "mole", "pour", 1,
      [.sample(match: false, position: 0.06, rotation: 6, gripper: false, layers: [1, 0, 0, 1])]),
    .sample(
      "mole", "push", 0,
      [
        .sample(
          match: false, position: nil, rotation: nil, gripper: false, layers: [1, 0.5, 0.5, 1],
          failure: .invalidAction)
      ]),
  ]

  static func fixture() throws -> RunFixture {
    try RunFixture(manifest: .sample(), outcomes: outcomes)
  }
}
