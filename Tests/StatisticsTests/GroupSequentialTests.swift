import Statistics
import Testing

@Suite struct `Bounds for a few looks` {
  struct Case: Decodable {
    let shape: String
    let looks: Int
    let alpha: Double
    let twoSided: Bool
    let constant: Double
    let drift: Double
    let stopping: [[Double]]
  }

  @Test func `are those of an integration on an even grid, and are left as often`() throws {
    let cases = try Reference.cases("groupSequential", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases {
      let plan = GroupSequentialPlan(
        shape: try #require(.init(rawValue: expected.shape)), looks: expected.looks,
        alpha: expected.alpha, isTwoSided: expected.twoSided)
      #expect(near(plan.constant, expected.constant, 1e-7), "\(expected)")
      let stopping = plan.stopping(drift: expected.drift)
      #expect(near(stopping.map(\.above), expected.stopping.map { $0[0] }, 1e-7), "\(expected)")
      #expect(near(stopping.map(\.below), expected.stopping.map { $0[1] }, 1e-7))
    }
  }

  /// Jennison and Turnbull, tables 2.1 and 2.3, two-sided.
  @Test(arguments: [
    (5, 0.05, 2.413, 2.040), (2, 0.05, 2.178, 1.977), (10, 0.05, 2.555, 2.087),
    (3, 0.01, 2.873, 2.595), (4, 0.1, 2.067, 1.733),
  ])
  func `have the published constants`(
    looks: Int, alpha: Double, pocock: Double, obrienFleming: Double
  ) {
    let first = GroupSequentialPlan(shape: .pocock, looks: looks, alpha: alpha)
    let second = GroupSequentialPlan(shape: .obrienFleming, looks: looks, alpha: alpha)
    #expect(abs(first.constant - pocock) < 6e-4)
    #expect(abs(second.constant - obrienFleming) < 6e-4)
  }

  @Test func `for one look are the quantile of the normal distribution`() {
    let plan = GroupSequentialPlan(shape: .pocock, looks: 1)
    #expect(near(plan.constant, 1.959963984540054))
    let (power, share) = plan.power(drift: 2.8015851)
    #expect(near(power, 0.8, 1e-6) && share == 1)
  }

  @Test func `keep their level at any number of looks, and save looks where there is a difference`()
  {
    for shape in GroupSequentialPlan.Shape.allCases {
      for looks in [2, 7, 20] {
        let plan = GroupSequentialPlan(shape: shape, looks: looks, alpha: 0.05, isTwoSided: false)
        let (level, share) = plan.power(drift: 0)
        #expect(near(level, 0.05) && share > 0.96)
        #expect(plan.power(drift: 4).share < 0.75)
      }
    }
  }
}
