package import Manipulation
package import Outcomes

/// The tasks of a suite, and how it changes their worlds.
package struct SuiteContents: Equatable, Sendable {
  package var tasks: [String]
  package var perturbations: [Perturbation]

  package init(tasks: [String], perturbations: [Perturbation] = []) {
    self.tasks = tasks
    self.perturbations = perturbations
  }
}

extension EvaluationPlan {
  /// The suite of a rollout that names none.
  package static let usualSuite = "all12"
  /// The episodes of each task of a rollout that does not say: the trials of MoLe-VLA's tables.
  package static let usualTrials = 25

  /// The plan with everything that a rollout leaves to its suite filled in; a replay's plan stays.
  ///
  /// Tasks that are named stay as they are; a suite that changes its worlds changes theirs.
  ///
  /// - Parameters:
  ///   - contents: Looks a suite up by its name.
  ///   - pictureSize: The side of the pictures that the checkpoint's policy looks at.
  /// - Throws: What `contents` and `pictureSize` throw.
  package func resolved(
    contents: (String) throws -> SuiteContents, pictureSize: () throws -> Int
  ) throws -> EvaluationPlan {
    guard mode == .rollout else { return self }
    var plan = self
    plan.imageSize =
      try imageSize ?? (needsCheckpoint ? pictureSize() : EvaluationPlan.usualPictureSize)
    plan.episodes = episodes ?? EvaluationPlan.usualTrials
    if suite == EvaluationPlan().suite { plan.suite = EvaluationPlan.usualSuite }
    guard tasks.isEmpty || plan.suite != EvaluationPlan.usualSuite else { return plan }
    let suite = try contents(plan.suite)
    if tasks.isEmpty { plan.tasks = suite.tasks }
    for perturbation in suite.perturbations where !plan.perturbations.contains(perturbation) {
      plan.perturbations.append(perturbation)
    }
    return plan
  }
}
