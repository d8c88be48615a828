package import Statistics

/// A gate that is fed pairs one by one and stops as soon as it can tell.
///
/// Three bets are laid side by side, each at level alpha / 2: that the candidate is worse, that it
/// is better, and that it is at most the margin worse. Each keeps its level however often one
/// looks, so a false alarm comes with a probability of at most alpha / 2, whenever it stops.
package struct SequentialGate: Equatable, Sendable {
  private let alpha: Double
  private var loss = BettingTest.inferiority()
  private var gain = BettingTest.superiority()
  private var withinMargin: BettingTest
  /// What it has said; `nil` while it goes on.
  package private(set) var verdict: Verdict?

  /// - Parameters:
  ///   - margin: The loss that is tolerated, as a share, in [0, 1).
  ///   - alpha: The level of the two directions together.
  package init(margin: Double, alpha: Double) {
    self.alpha = alpha
    withinMargin = .nonInferiority(margin: margin)
  }

  /// The pairs that it has seen.
  package var table: Statistics.PairedTable { loss.table }

  /// Takes the next pair; whether a side solved its episode.
  ///
  /// - Returns: The verdict as soon as there is one. What comes after that is not looked at.
  @discardableResult
  package mutating func observe(base: Bool, candidate: Bool) -> Verdict? {
    guard verdict == nil else { return verdict }
    loss.observe(first: base, second: candidate)
    gain.observe(first: base, second: candidate)
    withinMargin.observe(first: base, second: candidate)
    let level = alpha / 2
    if gain.rejects(alpha: level) {
      verdict = .better
    } else if withinMargin.rejects(alpha: level) {
      verdict = .notWorse
    } else if loss.rejects(alpha: level) {
      verdict = .regressed
    }
    return verdict
  }
}
