/// Two methods put to the same yes-or-no questions, counted by who said yes.
package struct PairedTable: Equatable, Sendable {
  package let both: Int
  package let onlyFirst: Int
  package let onlySecond: Int
  package let neither: Int

  /// - Precondition: No count is negative.
  package init(both: Int, onlyFirst: Int, onlySecond: Int, neither: Int) {
    precondition(
      min(both, onlyFirst, onlySecond, neither) >= 0,
      "counts of \(both), \(onlyFirst), \(onlySecond) and \(neither)")
    self.both = both
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    self.neither = neither
  }

  /// Counts answers that lie side by side.
  package init(_ answers: some Sequence<(first: Bool, second: Bool)>) {
    var counts = [0, 0, 0, 0]
    for (first, second) in answers { counts[(first ? 0 : 2) + (second ? 0 : 1)] += 1 }
    self.init(both: counts[0], onlyFirst: counts[1], onlySecond: counts[2], neither: counts[3])
  }

  /// How many questions there were.
  package var count: Int { both + onlyFirst + onlySecond + neither }

  /// On how many the two differ.
  package var discordant: Int { onlyFirst + onlySecond }

  /// The share of the questions that the first said yes to; `nil` without questions.
  package var firstRate: Double? { share(both + onlyFirst) }

  /// The share of the questions that the second said yes to; `nil` without questions.
  package var secondRate: Double? { share(both + onlySecond) }

  /// The rate of the second less that of the first; `nil` without questions.
  package var difference: Double? { share(onlySecond - onlyFirst) }

  /// The same with the two methods in the other order.
  package var swapped: PairedTable {
    PairedTable(both: both, onlyFirst: onlySecond, onlySecond: onlyFirst, neither: neither)
  }

  private func share(_ part: Int) -> Double? {
    count > 0 ? Double(part) / Double(count) : nil
  }

  package static func + (a: PairedTable, b: PairedTable) -> PairedTable {
    PairedTable(
      both: a.both + b.both, onlyFirst: a.onlyFirst + b.onlyFirst,
      onlySecond: a.onlySecond + b.onlySecond, neither: a.neither + b.neither)
  }
}
