extension Environment {
  /// Lets the scripted expert act until the task is solved, an action fails, it has nothing left to
  /// do, or the budget is used up.
  ///
  /// - Parameter observe: Told of every action, as it was carried out, and what came of it.
  /// - Throws: What the environment or `observe` throws.
  package func letExpertAct(observe: (Action, ActionOutcome) throws -> Void) throws {
    for _ in 0..<actionBudget {
      guard let action = try expertAction()?.asRecorded else { return }
      let outcome = try execute(action)
      try observe(action, outcome)
      if outcome.isSolved || outcome.failure != nil { return }
    }
  }
}
