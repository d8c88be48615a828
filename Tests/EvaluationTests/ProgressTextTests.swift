import Evaluation
import Testing

@Suite("Progress")
struct ProgressTextTests {
  private func progress(_ completed: Int, resumedAt: Int = 0) -> RunProgress {
    RunProgress(
      completed: completed, resumedAt: resumedAt, total: 120, method: "mole", task: "close_jar")
  }

  @Test("tells counts, rate and time left")
  func line() {
    #expect(
      ProgressText(progress(60), elapsed: 30).line
        == "60/120 episodes, 2.0 per second, 00:30 left: mole on close_jar")
    #expect(
      ProgressText(progress(20), elapsed: 1800).line
        == "20/120 episodes, 0.7 per minute, 2:30:00 left: mole on close_jar")
  }

  @Test("the rate counts only what this process did")
  func resumed() {
    #expect(
      ProgressText(progress(110, resumedAt: 100), elapsed: 10).line
        == "110/120 episodes, 1.0 per second, 00:10 left: mole on close_jar")
  }

  @Test("the bar fills from left to right")
  func bar() {
    #expect(ProgressText(progress(60), elapsed: 1).bar.hasPrefix("[############------------] 60/"))
  }

  @Test("nothing done yet has no rate", arguments: [0.0, 5.0])
  func nothingDone(elapsed: Double) {
    #expect(
      ProgressText(progress(0), elapsed: elapsed).line
        == "0/120 episodes: mole on close_jar")
  }
}
