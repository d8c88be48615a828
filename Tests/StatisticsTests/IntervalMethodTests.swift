import Statistics
import Testing

@Suite struct `An interval of one proportion` {
  struct Case: Decodable {
    let successes: Int
    let trials: Int
    let confidence: Double
    let ends: [String: [Double]]
  }

  @Test(arguments: IntervalMethod.allCases)
  func `has scipy's and statsmodels' ends`(method: IntervalMethod) throws {
    let cases = try Reference.cases("intervals", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases {
      let found = try #require(
        method.interval(
          successes: expected.successes, trials: expected.trials, confidence: expected.confidence))
      let ends = try #require(expected.ends[method.rawValue])
      #expect(
        near([found.lower, found.upper], ends, 1e-11), "\(expected.successes) of \(expected)")
      #expect(found.estimate == Double(expected.successes) / Double(expected.trials))
    }
  }

  @Test(arguments: IntervalMethod.allCases)
  func `is the mirror image for misses, lies in 0 to 1, and is missing without trials`(
    method: IntervalMethod
  ) throws {
    for (successes, trials) in [(0, 3), (1, 9), (17, 40), (40, 40)] {
      let here = try #require(method.interval(successes: successes, trials: trials))
      let there = try #require(method.interval(successes: trials - successes, trials: trials))
      #expect(near([here.lower, here.upper], [1 - there.upper, 1 - there.lower], 1e-12))
      #expect(0 <= here.lower && here.lower < here.upper && here.upper <= 1)
    }
    #expect(method.interval(successes: 0, trials: 0) == nil)
  }

  @Test func `of Clopper and Pearson holds all others but Jeffreys' at least as wide in sum`()
    throws
  {
    for successes in 0...20 {
      let exact = try #require(
        IntervalMethod.clopperPearson.interval(successes: successes, trials: 20))
      let wilson = try #require(IntervalMethod.wilson.interval(successes: successes, trials: 20))
      #expect(exact.upper - exact.lower > wilson.upper - wilson.lower)
    }
  }
}
