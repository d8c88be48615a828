package import Manipulation

/// What kept a policy from acting, or an episode from going on.
package enum OutcomeFailure: String, Codable, CaseIterable, Sendable {
  /// The policy answered with no action, or with one that is not finite.
  case invalidAction = "invalid_action"
  /// No joint angles within their limits reach the asked pose, or no path leads there.
  case unreachableTarget = "unreachable_target"
  /// The asked position lies outside the workspace.
  case targetOutsideWorkspace = "target_outside_workspace"
  /// The asked orientation is no rotation.
  case invalidRotation = "invalid_rotation"
  /// The simulation left the finite numbers or its engine reported instability.
  case divergedSimulation = "diverged_simulation"

  /// Whether the machinery failed and not the policy.
  package var isOfMachinery: Bool { self == .divergedSimulation }

  /// What the world said of an action that it could not carry out.
  package init(_ failure: ExecutionFailure) {
    self =
      switch failure {
      case .unreachableTarget: .unreachableTarget
      case .targetOutsideWorkspace: .targetOutsideWorkspace
      case .invalidRotation: .invalidRotation
      case .divergedSimulation: .divergedSimulation
      }
  }
}
