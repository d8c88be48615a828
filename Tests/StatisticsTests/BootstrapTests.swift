import Statistics
import Testing

/// A linear congruence whose upper half is good enough to draw with.
struct Congruence: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 32) << 32 | (state &* 0x9E37_79B9_7F4A_7C15) >> 32
  }
}

extension Bootstrap {
  /// The intervals of numbers of the drawn observations themselves.
  fileprivate static func intervals(
    groups: [[Double]], draws: Int = 1000, using generator: inout Congruence,
    statistics: ([[Double]]) -> [Double?]
  ) -> [BootstrapInterval?] {
    intervals(groupSizes: groups.map(\.count), draws: draws, using: &generator) { places in
      statistics(zip(groups, places).map { group, places in places.map { group[$0] } })
    }
  }

  fileprivate static func interval(
    groups: [[Double]], draws: Int = 1000, using generator: inout Congruence,
    statistic: ([[Double]]) -> Double?
  ) -> BootstrapInterval? {
    intervals(groups: groups, draws: draws, using: &generator) { [statistic($0)] }[0]
  }
}

@Suite("The bootstrap")
struct BootstrapTests {
  private let successes = [[Double](repeating: 1, count: 10) + [Double](repeating: 0, count: 30)]

  private func mean(_ groups: [[Double]]) -> Double? { Sample(groups.joined()).mean }

  @Test("a mean's interval nears the quantiles of its exact distribution (scipy: 0.125, 0.4)")
  func limit() throws {
    var generator = Congruence(state: 5)
    let interval = try #require(
      Bootstrap.interval(
        groups: successes, draws: 20_000, using: &generator, statistic: mean))
    // One success more or less is 0.025.
    #expect(abs(interval.lower - 0.125) < 0.026)
    #expect(abs(interval.upper - 0.4) < 0.026)
    #expect(interval.draws == 20_000 && interval.answered == 20_000)
  }

  @Test("the same generator gives the same interval, another one another")
  func seeded() {
    func interval(_ seed: UInt64) -> BootstrapInterval? {
      var generator = Congruence(state: seed)
      let numbers = [(0..<50).map { Double($0 * $0 % 17) }]
      return Bootstrap.interval(groups: numbers, using: &generator, statistic: mean)
    }
    #expect(interval(1) == interval(1))
    #expect(interval(1) != interval(2))
  }

  @Test("groups are drawn apart, each as large as it is")
  func stratified() {
    var generator = Congruence(state: 9)
    let groups = [[1.0, 2, 3], [], [10.0], [20, 30]]
    var seen: Set<[Int]> = []
    _ = Bootstrap.interval(groups: groups, draws: 200, using: &generator) { drawn in
      seen.insert(drawn.map(\.count))
      let stays = zip(drawn, groups).allSatisfy { Set($0).isSubset(of: Set($1)) }
      return stays ? 1 : nil
    }
    #expect(seen == [[3, 0, 1, 2]])
    var again = Congruence(state: 9)
    let difference = Bootstrap.interval(groups: groups, draws: 200, using: &again) {
      Sample($0[3]).mean.map { $0 - 10 }
    }
    #expect(difference?.lower == 10 && difference?.upper == 20)
  }

  @Test("several numbers of the same draws have an interval each")
  func several() throws {
    var generator = Congruence(state: 3)
    let intervals = Bootstrap.intervals(groups: successes, using: &generator) { groups in
      [mean(groups), mean(groups).map { 1 - $0 }, nil, .nan]
    }
    #expect(intervals.count == 4)
    let (share, rest) = (try #require(intervals[0]), try #require(intervals[1]))
    #expect(abs(share.lower + rest.upper - 1) < 1e-12)
    #expect(intervals[2] == nil && intervals[3] == nil)
  }

  @Test("what most draws do not have has no interval; what some lack counts those that have it")
  func missing() throws {
    var generator = Congruence(state: 7)
    let groups = [[0.0, 1]]
    // Both values are drawn half of the time, both are 1 a quarter of it.
    let rare = Bootstrap.interval(groups: groups, using: &generator) {
      $0[0] == [1, 1] ? 1 : nil
    }
    #expect(rare == nil)
    let common = try #require(
      Bootstrap.interval(groups: groups, using: &generator) { $0[0] == [1, 1] ? nil : 1 })
    #expect(common.lower == 1 && common.upper == 1)
    #expect((700..<800).contains(common.answered) && common.draws == 1000)
  }

  @Test("nothing has no interval")
  func empty() {
    var generator = Congruence(state: 1)
    #expect(Bootstrap.interval(groups: [], using: &generator, statistic: mean) == nil)
    #expect(Bootstrap.interval(groups: [[]], using: &generator, statistic: mean) == nil)
  }
}
