import Collection
import Testing

@Suite struct ClosedLoopSpeedTests {
  @Test(arguments: [1, 3])
  func `episodes are counted and timed`(workers: Int) throws {
    let speed = try ClosedLoopSpeed(episodes: 7, workers: workers) { CountingWorld() }
    #expect(speed.episodes == 7)
    #expect(speed.solved == 7)
    #expect(speed.workers == workers)
    #expect(speed.seconds > 0)
    #expect(speed.episodesPerHour == 3600 * 7 * Double(workers) / speed.seconds)
  }

  @Test func `there are no more workers than episodes, and failures are no successes`() throws {
    let speed = try ClosedLoopSpeed(episodes: 2, workers: 8) { CountingWorld { _ in true } }
    #expect(speed.workers == 2)
    #expect(speed.episodes == 2)
    #expect(speed.solved == 0)
  }
}
