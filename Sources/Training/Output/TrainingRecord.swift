package import Outcomes
internal import VLAPolicy

/// What a training was made of and how far it came: `training.json`.
package struct TrainingRecord: Codable, Equatable, Sendable {
  package var schema = "mole-training-1"
  package var name: String
  package var method: String
  package var seed: UInt64
  package var program: String
  package var environment: RunEnvironment
  package var demonstrations: [FileDigest]
  /// Files of the checkpoint that the training started from.
  package var initial: [FileDigest]
  /// Numbers that are trained, by part of the policy, and those that no checkpoint holds.
  package var parameters: [String: Int]
  package var isComplete = false
  package var updates = 0
  package var best: TrainingProgress.Best?
  package var sessions: [Session] = []

  package init(
    recipe: Recipe, program: String, environment: RunEnvironment, demonstrations: [FileDigest],
    initial: [FileDigest], parameters: [String: Int]
  ) {
    name = recipe.name
    method = recipe.method.rawValue
    seed = recipe.seed
    self.program = program
    self.environment = environment
    self.demonstrations = demonstrations
    self.initial = initial
    self.parameters = parameters
  }

  /// What one process did.
  package struct Session: Codable, Equatable, Sendable {
    /// Updates that were done when it began, and when it last wrote.
    package var from: Int
    package var to: Int
    package var seconds: Double
    package var threads: Int
  }

  package enum CodingKeys: String, CodingKey {
    case schema
    case name
    case method
    case seed
    case program
    case environment
    case demonstrations
    case initial
    case parameters
    case isComplete = "complete"
    case updates
    case best
    case sessions
  }
}
