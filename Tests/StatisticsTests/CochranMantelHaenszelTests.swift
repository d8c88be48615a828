import Statistics
import Testing

@Suite struct `Unpaired tables of several tasks` {
  struct Case: Decodable {
    let tables: [[Int]]
    let confidence: Double
    let statistic: Double?
    let p: Double?
    let correctedP: Double?
    let oddsRatio: Double?
    let interval: [Double?]
    let homogeneityP: Double?

    var test: CochranMantelHaenszel {
      CochranMantelHaenszel(
        tables.map {
          UnpairedTable(first: .init($0[0], of: $0[1]), second: .init($0[2], of: $0[3]))
        })
    }
  }

  @Test func `have statsmodels' test, odds ratio and homogeneity`() throws {
    let cases = try Reference.cases("stratified", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases {
      let test = expected.test
      #expect(try near(#require(test.statistic()), #require(expected.statistic)))
      #expect(try near(#require(test.p()), #require(expected.p)))
      #expect(try near(#require(test.p(corrected: true)), #require(expected.correctedP)))
      guard let ratio = expected.oddsRatio, ratio > 0, let lower = expected.interval[0],
        let upper = expected.interval[1]
      else {
        #expect(test.oddsRatio() == nil)
        continue
      }
      let found = try #require(test.oddsRatio(confidence: expected.confidence))
      #expect(near([found.estimate, found.lower, found.upper], [ratio, lower, upper], 1e-8))
      if let p = expected.homogeneityP {
        #expect(try near(#require(test.homogeneityP), p, 1e-8), "\(expected.tables)")
      }
    }
  }

  @Test func `are as alike as can be where the odds ratio is 1 everywhere`() throws {
    let same = UnpairedTable(first: .init(3, of: 6), second: .init(5, of: 10))
    let test = CochranMantelHaenszel([same, same, same])
    #expect(try near(#require(test.homogeneityP), 1))
    #expect(try near(#require(test.oddsRatio()).estimate, 1))
    #expect(test.p(corrected: true) == 1)
  }

  @Test func `tell nothing where nothing succeeds`() {
    let none = UnpairedTable(first: .init(0, of: 6), second: .init(0, of: 10))
    let test = CochranMantelHaenszel([none, none])
    #expect(test.statistic() == nil && test.p() == nil)
    #expect(test.oddsRatio() == nil && test.homogeneityP == nil)
    #expect(CochranMantelHaenszel([]).p() == nil)
  }

  @Test func `find a difference that pooling the tasks would turn round`() throws {
    // The second is better at each task, but was put to the hard one more often.
    let easy = UnpairedTable(first: .init(80, of: 100), second: .init(18, of: 20))
    let hard = UnpairedTable(first: .init(2, of: 20), second: .init(30, of: 100))
    #expect(try #require(CochranMantelHaenszel([easy, hard]).oddsRatio()).estimate > 2)
  }
}
