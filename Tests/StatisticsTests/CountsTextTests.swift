import Statistics
import Testing

@Suite struct `Counts as people write them` {
  @Test func `are successes of trials, and a pair of these at a task`() throws {
    #expect(try CountsText.side("9/10") == .init(9, of: 10))
    #expect(try CountsText.side("0/1") == .init(0, of: 1))
    #expect(
      try CountsText.table("5/10:7/12") == .init(first: .init(5, of: 10), second: .init(7, of: 12)))
  }

  @Test(
    arguments: [
      ("11/10", "'11/10' has more successes than trials"), ("0/0", "'0/0' has no trials"),
      ("9", "'9' is no count such as 9/10: successes, a stroke, trials"),
      ("-1/5", "'-1/5' is no count such as 9/10: successes, a stroke, trials"),
      ("1/2/3", "'1/2/3' is no count such as 9/10: successes, a stroke, trials"),
      ("٣/٥", "'٣/٥' is no count such as 9/10: successes, a stroke, trials"),
      ("1/99999999999999999999", nil), ("0.5/1", nil), ("/", nil), ("", nil), ("1/20000000", nil),
    ])
  func `that make no sense are said to`(text: String, sentence: String?) {
    #expect {
      try CountsText.side(text)
    } throws: {
      sentence == nil || "\($0)" == sentence
    }
  }

  @Test(arguments: ["5/10", "5/10:7/10:1/2", "5/10:11/10", ":"])
  func `of a task that make no sense are refused`(text: String) {
    #expect(throws: CountsText.Mistake.self) { try CountsText.table(text) }
  }
}
