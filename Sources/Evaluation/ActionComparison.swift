package import Manipulation
package import Outcomes

extension ActionComparison {
  /// Whether both errors are within the plan's tolerances and the grippers agree.
  package func matches(within plan: EvaluationPlan) -> Bool {
    matches(position: plan.positionTolerance, rotation: plan.rotationTolerance)
  }
}

extension Action {
  /// The seven numbers, with `nil` for what JSON cannot hold.
  var recordable: [Float?] { vector.map { $0.isFinite ? $0 : nil } }
}
