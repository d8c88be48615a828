package import Manipulation
package import Outcomes

/// A policy under test and what was set or calibrated for it.
package struct EvaluatedMethod: Sendable {
  package var policy: any Policy
  /// Such as `kept_layers` and `exit_thresholds`; written to `run.json`.
  package var parameters: [String: MethodParameter]

  package init(policy: any Policy, parameters: [String: MethodParameter] = [:]) {
    self.policy = policy
    self.parameters = parameters
  }

  package var name: String { policy.name }
}
