import Foundation
import Manipulation
import Outcomes
import Reports

/// A rollout of one policy to be written for a test.
struct PolicyRun {
  var label: String?
  var checkpoint = "c"
  /// What is in the checkpoint.
  var contents = "1"
  var methods = ["dense"]
  var tasks = ["pour", "push"]
  /// Of each task.
  var episodes = 10
  var wording = Wording.default
  /// Whether method and task are solved in an episode.
  var solved: (String, String, Int) -> Bool = { _, _, _ in true }
  /// The layers of an episode's queries.
  var layers: (String, String, Int) -> [[Float]] = { _, _, _ in [[1, 1, 1, 1]] }
  /// Whether the gripper was open at a query.
  var gripper: (Int) -> Bool? = { _ in nil }
  var change: (inout RunManifest) -> Void = { _ in }

  var manifest: RunManifest {
    var manifest = RunManifest.rollout(methods: methods, tasks: tasks, episodes: episodes)
    manifest.plan.checkpoint = checkpoint
    manifest.plan.label = label
    manifest.plan.instruction = wording
    manifest.checkpointFiles = [FileDigest(path: "model.bin", bytes: 1, sha256: contents)]
    change(&manifest)
    return manifest
  }

  var outcomes: [EpisodeOutcome] {
    tasks.flatMap { task in
      (0..<episodes).flatMap { index in
        methods.map { method in
          var outcome = EpisodeOutcome.rolledOut(
            method, task, index, solved: solved(method, task, index),
            layers: method == "home" ? [[]] : layers(method, task, index))
          if wording == .longest, index > 0 { outcome.instruction += ", please" }
          for step in outcome.queries.indices { outcome.queries[step].gripperOpen = gripper(step) }
          return outcome
        }
      }
    }
  }
}

/// Several of them on disk.
final class SideBySideFixture {
  let runs: [RunFixture]

  init(_ runs: [PolicyRun]) throws {
    self.runs = try runs.map { try RunFixture(manifest: $0.manifest, outcomes: $0.outcomes) }
  }

  func opened() throws -> [RunDirectory] { try runs.map { try $0.open() } }

  func compared(against bases: [String] = [], draws: Int = 500) throws -> SideBySide? {
    try withExtendedLifetime(self) {
      let directories = try opened()
      guard let set = try RolloutSet(among: directories) else { return nil }
      var tally = SideBySideTally(set)
      try tally.checkBases(bases)
      for (place, run) in directories.enumerated() {
        try run.forEachEpisode { tally.add($0, ofRun: place) }
      }
      return try tally.compared(against: bases, draws: draws)
    }
  }
}
