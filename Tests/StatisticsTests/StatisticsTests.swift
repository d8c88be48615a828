import Statistics
import Testing

// Constants: python3 Scripts/fixtures/statistics_values.py

@Suite("The normal distribution")
struct NormalDistributionTests {
  @Test(
    "quantiles equal scipy's to 1e-12",
    arguments: [
      (0.5, 0.0), (0.975, 1.959963984540054), (0.9, 1.2815515655446004),
      (0.995, 2.5758293035489004), (1e-10, -6.361340902404056), (1e-300, -37.0470962993612),
      (0.3, -0.5244005127080409), (0.0228, -1.99907721497177),
    ])
  func quantiles(probability: Double, expected: Double) {
    let found = NormalDistribution.quantile(probability)
    #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)))
  }

  @Test("the ends are infinite, and outside is no number")
  func ends() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(NormalDistribution.quantile(-0.1).isNaN)
    #expect(NormalDistribution.quantile(.nan).isNaN)
  }

  @Test("the tail above a quantile is the probability again", arguments: [1e-12, 0.01, 0.2, 0.5])
  func inverse(tail: Double) {
    let again = NormalDistribution.upperTail(NormalDistribution.quantile(upperTail: tail))
    #expect(abs(again - tail) <= 1e-12 * tail)
  }
}

@Suite("Wilson's interval")
struct WilsonTests {
  @Test(
    "its ends equal scipy's",
    arguments: [
      (0, 10, 0.95, 0.0, 0.27753279986288926), (10, 10, 0.95, 0.7224672001371109, 1.0),
      (1, 1, 0.95, 0.20654931437723745, 1.0), (5, 10, 0.95, 0.236593090512564, 0.7634069094874361),
      (7, 25, 0.9, 0.1595383619520701, 0.4434291806905924),
      (250, 1000, 0.99, 0.21645462945665608, 0.28684095299504736),
      (1, 100_000, 0.95, 1.765247730378316e-06, 5.664709659040965e-05),
      (12, 37, 0.5, 0.2748223282440519, 0.3780939161424806),
    ])
  func ends(
    successes: Int, trials: Int, confidence: Double, lower: Double, upper: Double
  ) throws {
    let interval = try #require(
      ProportionInterval.wilson(successes: successes, trials: trials, confidence: confidence))
    #expect(abs(interval.lower - lower) < 1e-12)
    #expect(abs(interval.upper - upper) < 1e-12)
    #expect(interval.estimate == Double(successes) / Double(trials))
  }

  @Test("nothing tried, nothing known")
  func noTrials() {
    #expect(ProportionInterval.wilson(successes: 0, trials: 0) == nil)
  }
}

@Suite("A sample")
struct SampleTests {
  private let sample = Sample([3.5, -1.25, 8.0, 0.5, 2.75, 2.75, 100.0])

  @Test("mean, weighted mean and standard deviation equal numpy's")
  func moments() throws {
    #expect(try abs(#require(sample.mean) - 16.607142857142858) < 1e-12)
    #expect(try abs(#require(sample.standardDeviation) - 36.88406869923008) < 1e-12)
    let weighted = try #require(sample.mean(weights: [1, 2, 0, 4, 1, 1, 0.5]))
    #expect(abs(weighted - 6.157894736842105) < 1e-12)
  }

  @Test(
    "quantiles equal numpy's linear ones",
    arguments: [
      (0, -1.25), (0.05, -0.7249999999999999), (0.25, 1.625), (0.5, 2.75),
      (0.95, 72.39999999999993), (0.99, 94.47999999999996), (1, 100),
    ])
  func quantiles(probability: Double, expected: Double) throws {
    #expect(try abs(#require(sample.quantile(probability)) - expected) < 1e-12)
  }

  @Test("one value is its own mean and quantile, and has no spread")
  func single() {
    let one = Sample([7.0])
    #expect(one.mean == 7)
    #expect(one.quantile(0.95) == 7)
    #expect(one.standardDeviation == nil)
  }

  @Test("nothing has neither mean nor quantile, and no weight has no mean")
  func empty() {
    let nothing = Sample([])
    #expect(nothing.mean == nil)
    #expect(nothing.median == nil)
    #expect(sample.mean(weights: [Double](repeating: 0, count: sample.count)) == nil)
  }

  @Test("what is no number shows, and infinity stays infinity")
  func notFinite() throws {
    #expect(try #require(Sample([1, .nan]).median).isNaN)
    #expect(try #require(Sample([1, .nan]).mean).isNaN)
    #expect(Sample([1, .infinity]).mean == .infinity)
    #expect(Sample([.infinity, .infinity]).median == .infinity)
  }

  @Test("a long sum does not drift")
  func compensated() {
    let values = [Double](repeating: 0.1, count: 1_000_000)
    #expect(abs(Sample(values).sum - 100_000) < 1e-9)
  }
}
