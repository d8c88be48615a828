internal import Manipulation

/// The first actions of an episode, which a policy carries out before the expert takes over, so that
/// demonstrations show how to go on from where that policy comes to.
///
/// What is recorded is the expert's action all the same (DAgger: Ross et al., AISTATS 2011), and only
/// episodes that the expert brings to a good end (HG-DAgger: Kelly et al., ICRA 2019). So that those are
/// not the ones alone in which little was left to do, the expert has the task's whole budget for it.
struct NoviceLead {
  /// How many actions it carries out: any number from none to one less than the budget, each as likely.
  let actionCount: Int
  private let policy: any Policy
  private let instruction: String
  private let seed: UInt64

  /// - Parameters:
  ///   - seed: The episode's.
  ///   - budget: The task's: what a policy that acts alone may use.
  init(_ policy: any Policy, instruction: String, seed: UInt64, budget: Int) {
    (self.policy, self.instruction, self.seed) = (policy, instruction, seed)
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["novice"]))
    actionCount = Int.random(in: 0..<budget, using: &generator)
  }

  /// What it does; `nil` when the expert has taken over.
  ///
  /// - Throws: What the policy throws.
  func action(at step: Int, seeing observation: Observation) throws -> Action? {
    guard step < actionCount else { return nil }
    let query = PolicyQuery(
      observation: observation, instruction: instruction, step: step,
      seed: SeededGenerator.derive(seed, ["novice", String(step)]))
    return try policy.predict(query).chunk.actions.first?.asRecorded
  }
}
