import Foundation
import Statistics
import Testing

@Suite struct `A bet on paired answers` {
  struct Case: Decodable {
    let table: [Int]
    let confidence: Double
    let nulls: [Double]
    let higher: [Double]
    let lower: [Double]
    let interval: [Double]
  }

  /// Pairs in an order that depends on nothing but the counts.
  private func played(_ counts: [Int], _ test: BettingTest) -> BettingTest {
    var test = test
    let answers = [(true, true), (true, false), (false, true), (false, false)]
    for (count, answer) in zip(counts, answers) {
      for _ in 0..<count { test.observe(first: answer.0, second: answer.1) }
    }
    return test
  }

  @Test func `has the wealth of betting pair by pair, and the interval that it leaves`() throws {
    let cases = try Reference.cases("betting", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases {
      func wealth(_ null: Double, _ alternative: Alternative) -> Double {
        played(expected.table, BettingTest(null: null, alternative: alternative)).logWealth
      }
      #expect(near(expected.nulls.map { wealth($0, .higher) }, expected.higher))
      #expect(near(expected.nulls.map { wealth($0, .lower) }, expected.lower))
      let both = wealth(0, .different)
      let halves = exp(wealth(0, .higher)) / 2 + exp(wealth(0, .lower)) / 2
      #expect(near(exp(both - log(halves)), 1))
      let counts = PairedTable(
        both: expected.table[0], onlyFirst: expected.table[1], onlySecond: expected.table[2],
        neither: expected.table[3])
      let interval = try #require(
        BettingTest.interval(counts, confidence: expected.confidence))
      #expect(near([interval.lower, interval.upper], expected.interval, 1e-8), "\(expected.table)")
    }
  }

  @Test func `keeps its best wealth, and with it its verdict`() {
    var test = BettingTest.superiority()
    for _ in 0..<12 { test.observe(first: false, second: true) }
    #expect(test.rejects(alpha: 0.05) && test.anytimeP < 0.05)
    let best = test.anytimeP
    for _ in 0..<40 { test.observe(first: true, second: false) }
    #expect(test.logWealth < 0 && test.anytimeP == best && test.rejects(alpha: 0.05))
    #expect(test.table.count == 52)
  }

  @Test func `against a margin gains by answers that agree`() {
    let agreeing = [400, 0, 0, 100]
    #expect(played(agreeing, .nonInferiority(margin: 0.05)).rejects(alpha: 0.01))
    #expect(!played(agreeing, .superiority()).rejects(alpha: 0.5))
    #expect(!played(agreeing, .inferiority(margin: 0.05)).rejects(alpha: 0.5))
    #expect(played([50, 40, 2, 8], .inferiority(margin: 0.05)).rejects(alpha: 0.01))
  }

  @Test func `is wrong no more often than it says, however often one looks`() {
    var random = Congruence(state: 17)
    var wrong = 0
    let runs = 400
    for _ in 0..<runs {
      var test = BettingTest(alternative: .different)
      for _ in 0..<150 where !test.rejects(alpha: 0.1) {
        let draw = random.next() >> 32 & 7
        test.observe(first: draw < 4, second: draw & 1 == 0)
      }
      wrong += test.rejects(alpha: 0.1) ? 1 : 0
    }
    // Three standard errors above a tenth.
    #expect(wrong <= 58)
  }

  @Test func `without pairs knows nothing`() {
    #expect(BettingTest.superiority().anytimeP == 1)
    #expect(
      BettingTest.interval(PairedTable(both: 0, onlyFirst: 0, onlySecond: 0, neither: 0)) == nil)
  }
}
