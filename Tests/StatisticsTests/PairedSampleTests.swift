import Statistics
import Testing

// Constants: python3 Scripts/fixtures/statistics_values.py

@Suite("A paired sample")
struct PairedSampleTests {
  struct Case: Sendable, Decodable {
    var proxy: [Double]
    var truth: [Double]
    var pearson: Double
    var spearman: Double
    var kendall: Double
    var violation: Double
  }

  private static let cases = [
    Case(
      proxy: [0.1, 0.4, 0.35, 0.8], truth: [0.2, 0.5, 0.6, 0.9], pearson: 0.9663828338902326,
      spearman: 0.8, kendall: 2.0 / 3, violation: 0.05),
    Case(
      proxy: [1, 2, 2, 3, 3, 3, 4], truth: [0.5, 0.25, 0.25, 0.75, 0.5, 1, 0],
      pearson: -0.054410718758250855, spearman: -0.01905539834916765, kendall: 0,
      violation: 0.6071428571428571),
    Case(
      proxy: [-0.03, -0.05, -0.05, -0.2, -0.11], truth: [0.9, 0.9, 0.4, 0.1, 0.4],
      pearson: 0.8378264996995655, spearman: 0.8651809126974002, kendall: 0.8249579113843054,
      violation: 0.1),
    Case(
      proxy: [3, 1], truth: [0, 1], pearson: -1, spearman: -1, kendall: -1, violation: 1),
    Case(
      proxy: [1e200, -1e200, 3e199, 0], truth: [1e-200, 2e-200, 5e-200, 3e-200],
      pearson: -0.07641112174735135, spearman: -0.2, kendall: 0, violation: 2.75e-200),
    long,
  ]

  /// Two hundred values with many ties, as the script makes them.
  private static var long: Case {
    var state: UInt64 = 1
    let numbers = (0..<400).map { _ in
      state = (1_103_515_245 * state + 12_345) % (1 << 31)
      return Double((state >> 16) % 50)
    }
    return Case(
      proxy: Array(numbers[..<200]),
      truth: (0..<200).map { (numbers[$0] + numbers[$0 + 200]) / 100 },
      pearson: 0.7106084058652333, spearman: 0.7065459197920709, kendall: 0.5148850760002402,
      violation: 0.31575)
  }

  @Test("correlations equal scipy's, and the rank violation its formula", arguments: cases)
  func reference(_ expected: Case) throws {
    let sample = PairedSample(proxy: expected.proxy, truth: expected.truth)
    #expect(try abs(#require(sample.pearson) - expected.pearson) < 1e-12)
    #expect(try abs(#require(sample.spearman) - expected.spearman) < 1e-12)
    #expect(try abs(#require(sample.kendall) - expected.kendall) < 1e-12)
    let violation = try #require(sample.meanMaximumRankViolation)
    #expect(abs(violation - expected.violation) <= 1e-12 * expected.violation)
  }

  @Test("correlations equal scipy's on many more")
  func fixture() throws {
    let cases = try Reference.cases("correlations", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases { try reference(expected) }
  }

  @Test("what stays in order has no rank violation, and all correlations but Pearson's are 1")
  func monotone() throws {
    let sample = PairedSample(proxy: [1, 2, 3, 4], truth: [0, 0.1, 0.11, 0.9])
    #expect(sample.meanMaximumRankViolation == 0)
    #expect(sample.kendall == 1)
    #expect(try abs(#require(sample.spearman) - 1) < 1e-12)
    #expect(try #require(sample.pearson) < 0.9)
  }

  @Test("the rank violation is in the unit of the truth, and the greatest for each counts")
  func violations() throws {
    // The best is thought the worst: it and both others have it on the wrong side.
    let sample = PairedSample(proxy: [1, 2, 3], truth: [0.9, 0.5, 0.2])
    let violation = try #require(sample.meanMaximumRankViolation)
    let mean = (0.7 + 0.4 + 0.7) / 3.0
    #expect(abs(violation - mean) < 1e-12)
  }

  @Test(
    "what cannot be ordered has no answer",
    arguments: [
      PairedSample(proxy: [], truth: []), PairedSample(proxy: [1], truth: [1]),
      PairedSample(proxy: [0.1, 0.1, 0.1], truth: [1, 2, 3]),
      PairedSample(proxy: [1, 2, 3], truth: [0.1, 0.1, 0.1]),
      PairedSample(proxy: [1, .nan], truth: [1, 2]),
      PairedSample(proxy: [1, 2], truth: [1, .infinity]),
    ])
  func degenerate(sample: PairedSample) {
    #expect(sample.pearson == nil && sample.spearman == nil)
    #expect(sample.kendall == nil && sample.meanMaximumRankViolation == nil)
  }

  @Test("numbers at the edge of what a number holds give an answer or none, never no number")
  func extremes() {
    let series: [[Double]] = [
      [1e308, -1e308, 0], [Double.leastNonzeroMagnitude, 0, 0], [1, 1.0.nextUp, 1],
    ]
    for values in series {
      let sample = PairedSample(proxy: values, truth: [1, 2, 3])
      #expect(sample.pearson?.isNaN != true)
      #expect(sample.kendall?.isNaN == false)
    }
  }
}
