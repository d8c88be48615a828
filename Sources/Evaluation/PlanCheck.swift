import Foundation
internal import Manipulation
package import Outcomes

extension EvaluationPlan {
  /// Checks that every field is in its range.
  ///
  /// - Throws: `EvaluationError.planField` for the first that is not.
  package func check() throws {
    try checkInputs()
    try checkMethods()
    try checkEpisodes()
    if mode == .rollout { try checkRollout() }
  }

  /// Whether a method has a network, whose weights are in the checkpoint.
  package var needsCheckpoint: Bool {
    methods.contains { ScriptedMethod(rawValue: $0) == nil }
  }

  /// The files on which methods are calibrated.
  package var calibrationFiles: [String] {
    calibrationDemonstrations.isEmpty ? demonstrations : calibrationDemonstrations
  }

  private func checkInputs() throws {
    try require(
      mode == .rollout || !demonstrations.isEmpty, "demonstrations", "empty",
      "at least one file ('--demos')")
    try require(
      !needsCheckpoint || !checkpoint.isEmpty, "checkpoint", "empty", "a folder ('--checkpoint')")
    try require(
      (1...200).contains((label ?? "-").count), "label", "empty or too long",
      "a name of at most 200 characters, such as 'mole/seed-1'")
    try require(!camera.isEmpty, "camera", "empty", "a camera's name, such as 'front'")
    try require(!suite.isEmpty, "suite", "empty", "a name")
    try require((1...1024).contains(threads ?? 1), "threads", "\(threads ?? 0)", "from 1 to 1024")
    try require((1...256).contains(batch), "batch", "\(batch)", "from 1 to 256")
    try require(
      (16...1024).contains(imageSize ?? 16), "image_size", "\(imageSize ?? 0)",
      "from 16 to 1024 pixels")
  }

  private func checkMethods() throws {
    try require(!methods.isEmpty, "methods", "empty", "at least one method ('--methods')")
    try require(
      !methods.contains(""), "methods", "a list with an empty name", "names such as 'dense'")
    try require(keep > 0 && keep <= 1, "keep", "\(keep)", "in (0, 1]")
    if let name = EvaluationPlan.repeated(methods) { throw EvaluationError.duplicateMethod(name) }
  }

  private func checkEpisodes() throws {
    try require(
      (1...1_000_000).contains(episodes ?? 1), "episodes", "\(episodes ?? 0)",
      "positive, and at most 1000000")
    try require((0...1000).contains(warmup), "warmup", "\(warmup)", "from 0 to 1000")
    try require(
      (1...100_000).contains(calibrationEpisodes), "calibration_episodes",
      "\(calibrationEpisodes)", "from 1 to 100000")
    try require(
      positionTolerance >= 0 && positionTolerance.isFinite, "position_tolerance",
      "\(positionTolerance)", "a distance in metres, not negative")
    try require(
      rotationTolerance >= 0 && rotationTolerance <= 180, "rotation_tolerance",
      "\(rotationTolerance)", "an angle from 0 to 180 degrees")
  }

  private func checkRollout() throws {
    try require(
      (1...10_000).contains(budget ?? 1), "budget", "\(budget ?? 0)", "from 1 to 10000 actions")
    try require((1...1000).contains(execute), "execute", "\(execute)", "from 1 to 1000 actions")
    let repeatedTask = EvaluationPlan.repeated(tasks)
    try require(
      repeatedTask == nil, "tasks", "a list with '\(repeatedTask ?? "")' twice",
      "a list of different tasks")
    let repeatedChange = EvaluationPlan.repeated(perturbations)
    try require(
      repeatedChange == nil, "perturbations",
      "a list with '\(repeatedChange?.rawValue ?? "")' twice",
      "a list of different ones")
  }

  /// The first that is there a second time.
  private static func repeated<Name: Hashable>(_ names: [Name]) -> Name? {
    var seen: Set<Name> = []
    return names.first { !seen.insert($0).inserted }
  }

  private func require(
    _ condition: Bool, _ field: String, _ value: String, _ expected: String
  ) throws {
    guard condition else {
      throw EvaluationError.planField(field, value: value, expected: expected)
    }
  }
}
