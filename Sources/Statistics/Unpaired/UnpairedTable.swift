/// Two methods put to different questions, counted by successes and trials.
package struct UnpairedTable: Equatable, Sendable {
  package struct Side: Equatable, Sendable {
    package let successes: Int
    package let trials: Int

    /// - Precondition: 0 ≤ `successes` ≤ `trials`.
    package init(_ successes: Int, of trials: Int) {
      precondition(
        successes >= 0 && successes <= trials, "\(successes) successes out of \(trials) trials")
      self.successes = successes
      self.trials = trials
    }

    /// `nil` without trials.
    package var rate: Double? { trials > 0 ? Double(successes) / Double(trials) : nil }
  }

  package let first: Side
  package let second: Side

  package init(first: Side, second: Side) {
    self.first = first
    self.second = second
  }

  package var successes: Int { first.successes + second.successes }
  package var trials: Int { first.trials + second.trials }

  /// The rate of the second less that of the first; `nil` where one has no trials.
  package var difference: Double? {
    guard let a = first.rate, let b = second.rate else { return nil }
    return b - a
  }

  /// The same with the methods in the other order.
  package var swapped: UnpairedTable { UnpairedTable(first: second, second: first) }

  /// The number of the first's successes, were `successes` divided by chance alone.
  func firstSuccesses(given successes: Int) -> DiscreteWeights {
    .hypergeometric(marked: first.trials, unmarked: second.trials, drawn: successes)
  }
}
