import Statistics
import Testing

@Suite struct `Scores of many tasks` {
  struct Case: Decodable {
    let first: [[Double]]
    let second: [[Double]]
    let mean: Double
    let interquartile: Double
    let improvement: Double
  }

  @Test func `have the numbers that rliable makes of scipy's parts`() throws {
    let cases = try Reference.cases("scores", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases {
      let (first, second) = (TaskScores(expected.first), TaskScores(expected.second))
      #expect(try near(#require(first.mean), expected.mean))
      #expect(try near(#require(first.interquartileMean), expected.interquartile))
      let improvement = try #require(first.probabilityOfImprovement(over: second))
      #expect(near(improvement, expected.improvement))
      let back = try #require(second.probabilityOfImprovement(over: first))
      #expect(near(improvement + back, 1))
    }
  }

  @Test func `without runs have no numbers`() {
    let nothing = TaskScores([[], []])
    #expect(nothing.mean == nil && nothing.interquartileMean == nil)
    #expect(nothing.probabilityOfImprovement(over: TaskScores([[1], [2]])) == nil)
  }

  @Test func `an outlier moves the mean and not the interquartile mean`() throws {
    let scores = TaskScores([[1, 2, 3, 4], [2, 3, 1000, 1]])
    #expect(try #require(scores.mean) > 100)
    #expect(scores.interquartileMean == 2.5)
  }
}
