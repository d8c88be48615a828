/// Which of a task's instructions is given.
package enum Wording: String, CaseIterable, Codable, Sendable {
  /// The first.
  case `default`
  /// The longest, as the literature uses.
  case longest
}
