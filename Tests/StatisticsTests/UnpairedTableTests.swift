import Statistics
import Testing

@Suite struct `An unpaired table` {
  struct Case: Decodable {
    let table: [Int]
    let confidence: Double
    let newcombe: [Double]
    let fisher: [String: Double]
    let barnard: [String: Double]
    let boschloo: [String: Double]

    var counts: UnpairedTable {
      UnpairedTable(first: .init(table[0], of: table[1]), second: .init(table[2], of: table[3]))
    }
  }

  private let cases: [Case]

  init() throws {
    cases = try Reference.cases("unpaired", as: Case.self)
    try #require(cases.count >= 20)
  }

  @Test(arguments: Alternative.allCases)
  func `has Fisher's p-values of scipy`(alternative: Alternative) throws {
    for expected in cases {
      let p = FisherTest.p(expected.counts, alternative: alternative)
      #expect(try near(p, #require(expected.fisher[alternative.rawValue])), "\(expected.table)")
    }
  }

  @Test(arguments: Alternative.allCases)
  func `has Barnard's p-values, the maximum over the shared rate`(alternative: Alternative) throws {
    for expected in cases {
      let p = BarnardTest.p(expected.counts, alternative: alternative)
      #expect(
        try near(p, #require(expected.barnard[alternative.rawValue]), 1e-8), "\(expected.table)")
    }
  }

  @Test(arguments: Alternative.allCases)
  func `has Boschloo's p-values, the maximum over the shared rate`(alternative: Alternative) throws
  {
    for expected in cases {
      let p = BoschlooTest.p(expected.counts, alternative: alternative)
      #expect(
        try near(p, #require(expected.boschloo[alternative.rawValue]), 1e-8), "\(expected.table)")
    }
  }

  @Test func `has Newcombe's interval of statsmodels`() throws {
    for expected in cases {
      let found = try #require(expected.counts.newcombeInterval(confidence: expected.confidence))
      #expect(near([found.lower, found.upper], expected.newcombe), "\(expected.table)")
    }
  }

  /// Newcombe, Statistics in Medicine 17, 1998, 873–890, table II (a): 56/70 and 48/80.
  @Test func `agrees with a published example`() throws {
    let counts = UnpairedTable(first: .init(48, of: 80), second: .init(56, of: 70))
    let found = try #require(counts.newcombeInterval())
    #expect(near([found.lower, found.upper], [0.0524, 0.3339], 5e-5))
  }

  @Test func `rejects by Boschloo's one-sided test wherever Fisher's does`() {
    for expected in cases {
      let boschloo = BoschlooTest.p(expected.counts, alternative: .higher)
      #expect(boschloo <= FisherTest.p(expected.counts, alternative: .higher) + 1e-9)
    }
  }

  @Test func `without trials on a side tells nothing`() {
    let counts = UnpairedTable(first: .init(0, of: 0), second: .init(3, of: 4))
    #expect(counts.newcombeInterval() == nil && counts.difference == nil)
    for alternative in Alternative.allCases {
      #expect(FisherTest.p(counts, alternative: alternative) == 1)
      #expect(BarnardTest.p(counts, alternative: alternative) == 1)
      #expect(BoschlooTest.p(counts, alternative: alternative) == 1)
    }
  }
}
