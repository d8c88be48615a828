import Foundation
import Manipulation
import Outcomes

extension RunManifest {
  /// A rollout of two tasks and four layers unless told otherwise; a script has no layers.
  static func rollout(
    methods: [String] = ["dense", "mole", "home"], tasks: [String] = ["pour", "push"],
    episodes: Int = 3
  ) -> RunManifest {
    var manifest = RunManifest.sample(methods: methods, tasks: tasks, episodes: episodes)
    manifest.plan.mode = .rollout
    for index in methods.indices where methods[index] == "home" {
      manifest.methods[index].layerCount = 0
    }
    return manifest
  }
}

extension EpisodeOutcome {
  /// An episode of a closed loop that took two simulated seconds an action.
  static func rolledOut(
    _ method: String, _ task: String, _ index: Int, solved: Bool, atEnd: Bool? = nil,
    failure: OutcomeFailure? = nil, layers: [[Float]]
  ) -> EpisodeOutcome {
    EpisodeOutcome(
      rolledOut: EpisodeIdentity(
        suite: "kitchen", task: task, variation: 0, name: "seed_\(index)", index: index),
      method: method, instruction: "do it", seed: 7,
      queries: layers.enumerated().map { .sample(step: $0, layers: $1) },
      successOnce: solved, successAtEnd: atEnd ?? solved, failure: failure,
      actions: layers.count, simulatedSeconds: 2 * Double(layers.count))
  }
}

extension QueryOutcome {
  /// A query of a rollout, as costly as one of a replay.
  static func sample(step: Int, layers: [Float]) -> QueryOutcome {
    var query = QueryOutcome.sample(
      match: false, position: nil, rotation: nil, gripper: false, layers: layers)
    query.step = step
    query.frameIndex = nil
    query.demonstratedAction = nil
    query.gripperAgreement = nil
    query.keyframeMatch = nil
    return query
  }
}

/// Three methods, one of them a script, × two tasks, small enough to compute by hand.
enum TinyRollout {
  private static let all: [Float] = [1, 1, 1, 1]
  private static let first: [Float] = [1, 0, 1, 0]
  private static let second: [Float] = [0, 1, 0, 1]

  static let outcomes: [EpisodeOutcome] = [
    .rolledOut("dense", "pour", 0, solved: true, layers: [all, all]),
    .rolledOut("dense", "pour", 1, solved: true, atEnd: false, layers: [all]),
    .rolledOut("dense", "pour", 2, solved: false, layers: [all, all, all]),
    .rolledOut("dense", "push", 0, solved: true, layers: [all]),
    .rolledOut(
      "mole", "pour", 0, solved: false, failure: .unreachableTarget, layers: [second]),
    .rolledOut("mole", "pour", 1, solved: true, layers: [first, first, first]),
    .rolledOut("mole", "push", 0, solved: false, failure: .invalidAction, layers: [second]),
    .rolledOut("home", "pour", 0, solved: false, layers: [[], []]),
    .rolledOut("home", "push", 0, solved: false, layers: [[], []]),
  ]

  static func fixture() throws -> RunFixture {
    try RunFixture(manifest: .rollout(), outcomes: outcomes)
  }
}
