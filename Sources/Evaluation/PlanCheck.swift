package import Outcomes

extension EvaluationPlan {
  /// Checks that every field is in its range.
  ///
  /// - Throws: `EvaluationError.planField` for the first that is not.
  package func check() throws {
    try require(!demonstrations.isEmpty, "demonstrations", "empty", "at least one file ('--demos')")
    try require(!checkpoint.isEmpty, "checkpoint", "empty", "a folder ('--checkpoint')")
    try require(!methods.isEmpty, "methods", "empty", "at least one method ('--methods')")
    try require(
      !methods.contains(""), "methods", "a list with an empty name", "names such as 'dense'")
    try require(keep > 0 && keep <= 1, "keep", "\(keep)", "in (0, 1]")
    try require(!camera.isEmpty, "camera", "empty", "a camera's name, such as 'front'")
    try require(!suite.isEmpty, "suite", "empty", "a name")
    try require((episodes ?? 1) > 0, "episodes", "\(episodes ?? 0)", "positive")
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
    try require((1...1024).contains(threads ?? 1), "threads", "\(threads ?? 0)", "from 1 to 1024")
    var seen: Set<String> = []
    for method in methods where !seen.insert(method).inserted {
      throw EvaluationError.duplicateMethod(method)
    }
  }

  private func require(
    _ condition: Bool, _ field: String, _ value: String, _ expected: String
  ) throws {
    guard condition else {
      throw EvaluationError.planField(field, value: value, expected: expected)
    }
  }
}
