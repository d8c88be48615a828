import Statistics
import Testing

@Suite struct `A paired table` {
  struct Tests: Decodable {
    let onlyFirst: Int
    let onlySecond: Int
    let exact: Double
    let exactHigher: Double
    let exactLower: Double
    let mid: Double
    let midHigher: Double
    let midLower: Double
  }

  struct Score: Decodable {
    let table: [Int]
    let confidence: Double
    let lower: Double
    let upper: Double
    let margins: [Double]
    let nonInferiority: [Double]
    let superiority: [Double]
    let inferiority: [Double]

    var counts: PairedTable {
      PairedTable(
        both: table[0], onlyFirst: table[1], onlySecond: table[2], neither: table[3])
    }
  }

  @Test func `has McNemar's exact and mid-p-values of scipy and statsmodels`() throws {
    let cases = try Reference.cases("pairedTests", as: Tests.self)
    #expect(cases.count >= 20)
    for expected in cases {
      func exact(_ alternative: Alternative) -> Double {
        McNemarTest.exactP(
          onlyFirst: expected.onlyFirst, onlySecond: expected.onlySecond, alternative: alternative)
      }
      func mid(_ alternative: Alternative) -> Double {
        McNemarTest.midP(
          onlyFirst: expected.onlyFirst, onlySecond: expected.onlySecond, alternative: alternative)
      }
      #expect(near(exact(.different), expected.exact))
      #expect(near(exact(.higher), expected.exactHigher))
      #expect(near(exact(.lower), expected.exactLower))
      #expect(near(mid(.different), expected.mid), "\(expected)")
      #expect(near(mid(.higher), expected.midHigher))
      #expect(near(mid(.lower), expected.midLower))
    }
  }

  @Test func `has Tango's interval and tests as a search for the likeliest rates has them`() throws
  {
    let cases = try Reference.cases("tango", as: Score.self)
    #expect(cases.count >= 20)
    for expected in cases {
      let counts = expected.counts
      let interval = try #require(counts.tangoInterval(confidence: expected.confidence))
      #expect(near(interval.lower, expected.lower), "\(expected)")
      #expect(near(interval.upper, expected.upper), "\(expected)")
      #expect(interval.estimate == counts.difference)
      let margins = expected.margins
      #expect(
        near(margins.map { counts.nonInferiorityP(margin: $0) }, expected.nonInferiority),
        "\(expected)")
      #expect(
        near(([0] + margins).map { counts.superiorityP(margin: $0) }, expected.superiority))
      #expect(
        near(([0] + margins).map { counts.inferiorityP(margin: $0) }, expected.inferiority))
    }
  }

  /// Fagerland, Lydersen, Laake, Statistics in Medicine 33, 2014, airway hyper-responsiveness.
  @Test func `agrees with published examples`() throws {
    let counts = PairedTable(both: 1, onlyFirst: 1, onlySecond: 7, neither: 12)
    let interval = try #require(counts.tangoInterval())
    #expect(near([interval.lower, interval.upper], [0.026, 0.517], 5e-4))
    #expect(near(McNemarTest.midP(onlyFirst: 1, onlySecond: 7), 0.0391, 5e-5))
  }

  @Test(arguments: [1, 2, 10, 500])
  func `has the limits of Tango's formula where nothing or everything differs`(n: Int) throws {
    let z = NormalDistribution.quantile(0.975)
    let none = try #require(
      PairedTable(both: n, onlyFirst: 0, onlySecond: 0, neither: 0).tangoInterval())
    let end = z * z / (Double(n) + z * z)
    #expect(near([none.lower, none.upper], [-end, end], 1e-12))
    let all = try #require(
      PairedTable(both: 0, onlyFirst: 0, onlySecond: n, neither: 0).tangoInterval())
    let lower = (Double(n) - z * z) / (Double(n) + z * z)
    #expect(near([all.lower, all.upper], [lower, 1], 1e-12))
  }

  @Test func `is the mirror image with the methods swapped`() throws {
    let counts = PairedTable(both: 40, onlyFirst: 9, onlySecond: 4, neither: 7)
    let (here, there) = (
      try #require(counts.tangoInterval()), try #require(counts.swapped.tangoInterval())
    )
    #expect(near([here.lower, here.upper], [-there.upper, -there.lower], 1e-12))
    #expect(counts.swapped.difference == counts.difference.map { -$0 })
    #expect(counts.inferiorityP() == counts.swapped.superiorityP())
  }

  @Test func `counts answers, and has rates where there are any`() {
    let answers = [(true, true), (true, false), (false, true), (true, false), (false, false)]
    let counts = PairedTable(answers.map { (first: $0.0, second: $0.1) })
    #expect(counts == PairedTable(both: 1, onlyFirst: 2, onlySecond: 1, neither: 1))
    #expect(counts.firstRate == 0.6 && counts.secondRate == 0.4)
    #expect(counts.difference == -0.2 && counts.discordant == 3)
    let nothing = PairedTable(both: 0, onlyFirst: 0, onlySecond: 0, neither: 0)
    #expect(nothing.tangoInterval() == nil && nothing.difference == nil)
    #expect(nothing + counts == counts)
  }

  @Test func `takes the second for not worse only where the margin allows it`() {
    let counts = PairedTable(both: 400, onlyFirst: 22, onlySecond: 20, neither: 58)
    let values = [0, 0.01, 0.02, 0.05, 0.1].map { counts.nonInferiorityP(margin: $0) }
    #expect(values == values.sorted(by: >))
    #expect(values[0] > 0.5 && values[4] < 1e-6)
    #expect(counts.superiorityP() == values[0])
  }
}
