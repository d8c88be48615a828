import Statistics
import Testing

// Constants: python3 Scripts/fixtures/statistics_values.py

@Suite("McNemar's exact test")
struct McNemarTests {
  @Test(
    "the p-value equals scipy's two-sided binomial test of the differing answers",
    arguments: [
      (0, 0, 1.0), (0, 1, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (3, 9, 0.14599609375),
      (9, 3, 0.14599609375), (7, 7, 1.0), (25, 40, 0.08168153394154003),
      (118, 171, 0.0021674018185059265), (480, 520, 0.2174482932041415),
      (0, 1000, 1.8665272370064378e-301),
      (2000, 3000, 1.3002310005205326e-45),
    ])
  func values(onlyFirst: Int, onlySecond: Int, expected: Double) {
    let found = McNemarTest.exactP(onlyFirst: onlyFirst, onlySecond: onlySecond)
    #expect(abs(found - expected) <= 1e-12 * expected)
  }

  @Test("it is the same from either side, and less the more uneven they are")
  func order() {
    for total in [1, 2, 9, 40, 1001] {
      let values = (0...total / 2).map {
        McNemarTest.exactP(onlyFirst: $0, onlySecond: total - $0)
      }
      #expect(values == values.sorted() && values.allSatisfy { (0...1).contains($0) })
      #expect(values[0] == McNemarTest.exactP(onlyFirst: total, onlySecond: 0))
    }
  }

  @Test("a million differing answers take no time and do not overflow", .timeLimit(.minutes(10)))
  func large() {
    let fair = McNemarTest.exactP(onlyFirst: 500_000, onlySecond: 500_000)
    let near = McNemarTest.exactP(onlyFirst: 499_000, onlySecond: 501_000)
    #expect(fair == 1)
    // Two standard deviations.
    #expect((0.0455..<0.0457).contains(near))
    #expect(McNemarTest.exactP(onlyFirst: 0, onlySecond: 1_000_000) == 0)
  }
}
