extension Environment {
  /// Lets the scripted expert act until the task is solved, an action fails, it has nothing left to
  /// do, or the budget is used up.
  ///
  /// - Parameters:
  ///   - budget: The most actions; the task's own budget, where nothing is said.
  ///   - altering: What is carried out in place of the expert's action; it, where nothing is said.
  ///   - observe: Told of every action of the expert, and what came of it.
  /// - Throws: What the environment or the functions throw.
  package func letExpertAct(
    budget: Int? = nil, altering: (Action) throws -> Action = { $0 },
    observe: (Action, ActionOutcome) throws -> Void
  ) throws {
    for _ in 0..<(budget ?? actionBudget) {
      guard let action = try expertAction()?.asRecorded else { return }
      let outcome = try execute(altering(action))
      try observe(action, outcome)
      if outcome.isSolved || outcome.failure != nil { return }
    }
  }
}
