/// What came of carrying out, in order, a policy's answers to recorded observations.
///
/// The world starts as the recording did; the policy never sees what its actions lead to.
package struct OpenLoopOutcome: Codable, Equatable, Sendable {
  /// Whether the task was solved at some time.
  package var successOnce: Bool
  /// Whether the task was solved after the last action.
  package var successAtEnd: Bool
  /// Why not all answers could be carried out; absent when they could.
  package var failure: OutcomeFailure?
  /// The actions that were carried out, one that failed included.
  package var actions: Int

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case successOnce = "success_once"
    case successAtEnd = "success_at_end"
    case failure
    case actions
  }

  package init(
    successOnce: Bool, successAtEnd: Bool, failure: OutcomeFailure? = nil, actions: Int
  ) {
    self.successOnce = successOnce
    self.successAtEnd = successAtEnd
    self.failure = failure
    self.actions = actions
  }
}
