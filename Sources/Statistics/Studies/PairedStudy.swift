/// How often tests of paired answers reject, by drawing many experiments: at no difference that is
/// their error, elsewhere their power.
package struct PairedStudy: Equatable, Sendable {
  /// The tests that are held together; those without a margin ask whether the two differ, and reject
  /// on either side.
  package enum Test: String, CaseIterable, Sendable {
    case mcNemarExact = "mcnemar-exact"
    case mcNemarMid = "mcnemar-mid-p"
    case tango
    case betting
    case obrienFleming = "obrien-fleming"
    case pocock
    /// Whether the second is not worse by the margin.
    case tangoMargin = "tango-non-inferiority"
    case bettingMargin = "betting-non-inferiority"
  }

  package struct Result: Equatable, Sendable {
    package let test: Test
    /// The share of experiments in which it rejected.
    package let rejected: Double
    /// The standard error of that share.
    package let error: Double
    /// The mean number of episodes until it stopped, which without a verdict is all of them.
    package let episodes: Double
  }

  /// The true difference, second less first.
  package let difference: Double
  /// The share of episodes with different answers.
  package let discordant: Double
  package let episodes: Int
  package let alpha: Double
  /// How often the group-sequential tests look.
  package let looks: Int
  package let margin: Double

  /// - Precondition: `abs(difference)` ≤ `discordant` ≤ 1, at least as many episodes as looks.
  package init(
    difference: Double, discordant: Double, episodes: Int, alpha: Double = 0.05, looks: Int = 5,
    margin: Double = 0.05
  ) {
    precondition(
      abs(difference) <= discordant && discordant <= 1,
      "a difference of \(difference) among \(discordant) differing answers")
    precondition(episodes >= looks, "\(looks) looks at \(episodes) episodes")
    self.difference = difference
    self.discordant = discordant
    self.episodes = episodes
    self.alpha = alpha
    self.looks = looks
    self.margin = margin
  }

  /// Draws experiments and lets each of some tests judge all of them.
  ///
  /// - Precondition: At least one draw.
  package func results(
    of tests: [Test] = Test.allCases, draws: Int,
    using generator: inout some RandomNumberGenerator
  ) -> [Result] {
    precondition(draws > 0, "\(draws) draws")
    let plans = [GroupSequentialPlan.Shape.obrienFleming, .pocock].map {
      GroupSequentialPlan(shape: $0, looks: looks, alpha: alpha)
    }
    var rejections = [Int](repeating: 0, count: tests.count)
    var used = rejections
    for _ in 0..<draws {
      let answers = drawn(using: &generator)
      for (index, test) in tests.enumerated() {
        let stop = stop(test, answers, plans)
        rejections[index] += stop == nil ? 0 : 1
        used[index] += stop ?? episodes
      }
    }
    return tests.enumerated().map { index, test in
      let share = Double(rejections[index]) / Double(draws)
      return Result(
        test: test, rejected: share,
        error: (share * (1 - share) / Double(draws)).squareRoot(),
        episodes: Double(used[index]) / Double(draws))
    }
  }

  /// 1 where only the second succeeds, −1 where only the first does, else 0.
  private func drawn(using generator: inout some RandomNumberGenerator) -> [Int] {
    let (better, worse) = ((discordant + difference) / 2, (discordant - difference) / 2)
    return (0..<episodes).map { _ in
      let place = Double(generator.next() >> 11) * 0x1p-53
      return place < better ? 1 : place < better + worse ? -1 : 0
    }
  }

  /// The episode after which the test rejects; `nil` where it never does.
  private func stop(_ test: Test, _ answers: [Int], _ plans: [GroupSequentialPlan]) -> Int? {
    switch test {
    case .betting: stop(BettingTest(alternative: .different), answers)
    case .bettingMargin: stop(.nonInferiority(margin: margin), answers)
    case .obrienFleming: stop(plans[0], answers)
    case .pocock: stop(plans[1], answers)
    default: p(test, table(answers[...])) <= alpha ? episodes : nil
    }
  }

  private func p(_ test: Test, _ table: PairedTable) -> Double {
    switch test {
    case .mcNemarExact:
      McNemarTest.exactP(onlyFirst: table.onlyFirst, onlySecond: table.onlySecond)
    case .mcNemarMid:
      McNemarTest.midP(onlyFirst: table.onlyFirst, onlySecond: table.onlySecond)
    case .tangoMargin: table.nonInferiorityP(margin: margin)
    default: 2 * min(table.superiorityP(), table.inferiorityP())
    }
  }

  private func stop(_ test: BettingTest, _ answers: [Int]) -> Int? {
    var test = test
    for (index, answer) in answers.enumerated() {
      test.observe(first: answer < 0, second: answer > 0)
      if test.rejects(alpha: alpha) { return index + 1 }
    }
    return nil
  }

  private func stop(_ plan: GroupSequentialPlan, _ answers: [Int]) -> Int? {
    for (look, bound) in plan.bounds.enumerated() {
      let end = episodes * (look + 1) / plan.bounds.count
      if abs(table(answers[..<end]).tangoScore(difference: 0)) >= bound { return end }
    }
    return nil
  }

  private func table(_ answers: ArraySlice<Int>) -> PairedTable {
    let (better, worse) = (answers.count { $0 > 0 }, answers.count { $0 < 0 })
    return PairedTable(
      both: answers.count - better - worse, onlyFirst: worse, onlySecond: better, neither: 0)
  }
}
