import Foundation

/// A paired test that may be looked at after every pair and stopped whenever it has decided: a bet
/// against the null hypothesis, whose wealth cannot be expected to grow while that holds (Waudby-Smith
/// and Ramdas, "Estimating means of bounded random variables by betting", 2024).
///
/// A pair is worth 1 where only the second succeeds, −1 where only the first does, and else 0. Against
/// "the mean is at most m" a share θ of what may be bet multiplies the wealth with
/// 1 + θ (d − m) ⁄ (1 + m), and the wealth is spread over a fixed set of such shares, so no share has to
/// be guessed and the order of the pairs does not matter. By Ville's inequality the wealth ever
/// reaches 1 ⁄ α with a probability of at most α.
package struct BettingTest: Equatable, Sendable {
  /// What the mean difference, second less first, is held against.
  package let null: Double
  package let alternative: Alternative
  /// The pairs so far.
  package private(set) var table = PairedTable(both: 0, onlyFirst: 0, onlySecond: 0, neither: 0)
  /// The logarithm of the greatest wealth so far.
  package private(set) var bestLogWealth = 0.0
  /// Bets that the second is better, and on the swapped table that the first is.
  private let up: Bets
  private let down: Bets

  /// - Precondition: `null` lies in (−1, 1).
  package init(null: Double = 0, alternative: Alternative) {
    precondition(abs(null) < 1, "a difference of \(null)")
    self.null = null
    self.alternative = alternative
    up = Bets(null: null)
    down = Bets(null: -null)
  }

  /// The test that has seen these pairs, in whatever order, and was looked at only now.
  ///
  /// - Precondition: `null` lies in (−1, 1).
  package init(_ table: PairedTable, null: Double = 0, alternative: Alternative) {
    self.init(null: null, alternative: alternative)
    self.table = table
    bestLogWealth = max(0, logWealth)
  }

  /// Whether the second is better than the first by more than `margin`.
  package static func superiority(margin: Double = 0) -> BettingTest {
    BettingTest(null: margin, alternative: .higher)
  }

  /// Whether the second is not worse than the first by `margin` or more.
  package static func nonInferiority(margin: Double) -> BettingTest {
    BettingTest(null: -margin, alternative: .higher)
  }

  /// Whether the second is worse than the first by more than `margin`.
  package static func inferiority(margin: Double = 0) -> BettingTest {
    BettingTest(null: -margin, alternative: .lower)
  }

  /// Takes the next pair into account.
  package mutating func observe(first: Bool, second: Bool) {
    let pair = CollectionOfOne((first: first, second: second))
    table = table + PairedTable(pair)
    // Against no difference, answers that agree leave the wealth as it is.
    guard first != second || null != 0 else { return }
    bestLogWealth = max(bestLogWealth, logWealth)
  }

  /// The logarithm of the wealth now: of the e-value.
  package var logWealth: Double {
    switch alternative {
    case .higher: up.logWealth(table)
    case .lower: down.logWealth(table.swapped)
    // Half of the wealth on either side.
    case .different:
      LogSum.of([up.logWealth(table), down.logWealth(table.swapped)]) - log(2)
    }
  }

  /// The p-value that holds whenever one looks: one over the greatest wealth so far.
  package var anytimeP: Double { min(1, exp(-bestLogWealth)) }

  /// Whether the null hypothesis is rejected at level `alpha`, now or at an earlier pair.
  package func rejects(alpha: Double) -> Bool { bestLogWealth >= -log(alpha) }

  /// An interval for the mean difference that covers it after every pair at once with probability
  /// `confidence`: what bets in both directions do not reject.
  ///
  /// - Returns: `nil` without pairs.
  /// - Precondition: `confidence` lies in (0, 1).
  package static func interval(
    _ table: PairedTable, confidence: Double = 0.95
  ) -> DifferenceInterval? {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    guard let estimate = table.difference else { return nil }
    let limit = log(2 / (1 - confidence))
    func lower(_ table: PairedTable, _ estimate: Double) -> Double {
      Bisection.lastTrue(from: estimate, to: -1) { null in
        null > -1 ? Bets(null: null).logWealth(table) < limit : estimate == -1
      }
    }
    return DifferenceInterval(
      estimate: estimate, lower: lower(table, estimate), upper: -lower(table.swapped, -estimate))
  }
}

/// The bets that the second is better than a mean difference: for each share that is staked, the
/// logarithm of what a pair makes of the wealth.
private struct Bets: Equatable, Sendable {
  private let better: [Double]
  private let same: [Double]
  private let worse: [Double]

  /// The shares of what may be bet, nearer together where they are small, for small differences.
  private static let shares = (0..<64).map { place in
    let root = (Double(place) + 0.5) / 64
    return root * root
  }

  /// - Parameter null: In (−1, 1].
  init(null: Double) {
    let stake = 1 / (1 + null)
    better = Bets.shares.map { log1p($0 * (1 - null) * stake) }
    same = Bets.shares.map { log1p(-$0 * null * stake) }
    worse = Bets.shares.map { log1p(-$0) }
  }

  func logWealth(_ table: PairedTable) -> Double {
    let (up, down) = (Double(table.onlySecond), Double(table.onlyFirst))
    let level = Double(table.both + table.neither)
    let logs = better.indices.map { up * better[$0] + level * same[$0] + down * worse[$0] }
    return LogSum.of(logs) - log(Double(logs.count))
  }
}

/// The logarithm of a sum of what is known by logarithms.
private enum LogSum {
  static func of(_ values: [Double]) -> Double {
    let largest = values.reduce(-Double.infinity, max)
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }
}
