package import Demonstrations
import Foundation
package import Manipulation
package import Outcomes

/// The episodes of a demonstration file that a plan takes.
package struct DemonstrationSource: EpisodeSource {
  private let file: DemonstrationFile
  private let plan: EvaluationPlan
  /// Positions in the file, in the file's order.
  private let chosen: [Int]

  /// Opens a file and picks the plan's split and number of episodes.
  ///
  /// - Throws: `EvaluationError.missingSplit` when the file has no such mask; what the file throws.
  package init(opening path: String, plan: EvaluationPlan) throws {
    let convention = try plan.actionConvention.map { name in
      guard let convention = ActionConvention(name: name) else {
        throw EvaluationError.planField(
          "action_convention", value: "'\(name)'",
          expected: "of three parts such as '\(ActionConvention.native.name)'")
      }
      return convention
    }
    let file = try DemonstrationFile(
      opening: URL(fileURLWithPath: path), convention: convention)
    try self.init(file, plan: plan)
  }

  package init(_ file: DemonstrationFile, plan: EvaluationPlan) throws {
    self.file = file
    self.plan = plan
    let positions = try DemonstrationSource.positions(of: plan.split, in: file)
    chosen = Array(positions.prefix(plan.episodes ?? .max))
  }

  package var task: String { file.task }
  package var name: String { file.url.relativePath }
  package var episodeCount: Int { chosen.count }

  package func episodeName(at index: Int) throws -> String { file.episodeNames[chosen[index]] }

  package func episode(at index: Int) throws -> Episode {
    try file.episode(at: chosen[index], suite: plan.suite, camera: plan.camera)
  }

  package func recordedStart(at index: Int) throws -> RecordedStart? {
    try file.recordedStart(of: chosen[index])
  }

  /// The questions on which methods are calibrated: those of the plan's first episodes of the
  /// training split, or of the whole file where it has none.
  ///
  /// They do not depend on the plan's own split, limit and shard, so that every shard calibrates
  /// alike.
  package func calibrationQueries() throws -> [PolicyQuery] {
    let training = try DemonstrationSource.members(of: .train, in: file)
    let positions = training.flatMap { $0.isEmpty ? nil : $0 } ?? Array(0..<file.episodeCount)
    return try positions.prefix(plan.calibrationEpisodes).flatMap { position in
      let episode = try file.episode(at: position, suite: plan.suite, camera: plan.camera)
      let seed = episode.identity.seed(runSeed: plan.seed)
      return episode.keyframes.enumerated().map { step, keyframe in
        PolicyQuery(keyframe, of: episode, step: step, episodeSeed: seed)
      }
    }
  }

  private static func positions(
    of split: DemonstrationSplit, in file: DemonstrationFile
  ) throws -> [Int] {
    guard let members = try members(of: split, in: file) else {
      throw EvaluationError.missingSplit(split.rawValue, file: file.url.relativePath)
    }
    return members
  }

  /// The episodes of a split, or `nil` when the file has no such mask.
  private static func members(
    of split: DemonstrationSplit, in file: DemonstrationFile
  ) throws -> [Int]? {
    guard split != .all else { return Array(0..<file.episodeCount) }
    return try file.mask(split.rawValue).map { names in
      let named = Set(names)
      return file.episodeNames.indices.filter { named.contains(file.episodeNames[$0]) }
    }
  }
}
