import Statistics
import Testing

@Suite struct `A plan of episodes` {
  struct Case: Decodable {
    let rate: Double
    let difference: Double
    let alpha: Double
    let twoSided: Bool
    let power: Double
    let unpairedAt: [String: Double]
    let unpaired: Double
    let discordant: Double
    let paired: Double

    func plan(_ design: PowerPlan.Design) -> PowerPlan {
      PowerPlan(rate: rate, design: design, alpha: alpha, isTwoSided: twoSided)
    }
  }

  struct Exact: Decodable {
    let difference: Double
    let discordant: Double
    let episodes: Int
    let alpha: Double
    let twoSided: Bool
    let mid: Bool
    let power: Double
  }

  @Test func `has statsmodels' power and numbers of episodes`() throws {
    let cases = try Reference.cases("power", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases {
      let plan = expected.plan(.unpaired)
      for (episodes, power) in expected.unpairedAt {
        let found = plan.power(
          difference: expected.difference, episodes: try #require(Int(episodes)))
        #expect(near(found, power), "\(expected)")
      }
      #expect(
        plan.episodes(difference: expected.difference, power: expected.power)
          == Int(expected.unpaired.rounded(.up)))
      #expect(
        expected.plan(.paired(discordant: expected.discordant))
          .episodes(difference: expected.difference, power: expected.power)
          == max(1, Int(expected.paired.rounded(.up))))
    }
  }

  @Test func `detects with its number of episodes what it was planned for, and no less`() throws {
    for design in [PowerPlan.Design.unpaired, .paired(discordant: 0.3)] {
      let plan = PowerPlan(rate: 0.6, design: design)
      for difference in [0.05, -0.05, 0.2] {
        let episodes = try #require(plan.episodes(difference: difference))
        #expect(plan.power(difference: difference, episodes: episodes) >= 0.8)
        #expect(plan.power(difference: difference, episodes: episodes - 1) < 0.8)
        let detectable = try #require(
          plan.detectable(episodes: episodes, upwards: difference > 0))
        #expect(abs(detectable) <= abs(difference) && abs(detectable) > abs(difference) * 0.97)
      }
    }
  }

  /// From fieldtrial: at 60 % success, two-sided, 80 % power.
  @Test func `agrees with numbers of another tool`() throws {
    let plan = PowerPlan(rate: 0.6, design: .unpaired)
    #expect(plan.episodes(difference: 0.05) == 1471)
    #expect(try abs(#require(plan.detectable(episodes: 25, upwards: true)) - 0.33) < 0.01)
    #expect(try abs(#require(plan.detectable(episodes: 250, upwards: true)) - 0.12) < 0.005)
  }

  @Test func `has no number for what cannot be`() {
    let plan = PowerPlan(rate: 0.95, design: .unpaired)
    #expect(plan.episodes(difference: 0.1) == nil && plan.episodes(difference: 0) == nil)
    #expect(plan.detectable(episodes: 5, upwards: true) == nil)
    let paired = PowerPlan(rate: 0.5, design: .paired(discordant: 0.1))
    #expect(paired.episodes(difference: 0.2) == nil)
    #expect(paired.episodes(difference: 0.1) != nil)
  }

  @Test func `has the exact power of McNemar's tests by counting all outcomes`() throws {
    let cases = try Reference.cases("mcnemarPower", as: Exact.self)
    #expect(cases.count >= 20)
    for expected in cases {
      let found = McNemarPower.power(
        difference: expected.difference, discordant: expected.discordant,
        episodes: expected.episodes, alpha: expected.alpha, isTwoSided: expected.twoSided,
        usesMidP: expected.mid)
      #expect(near(found, expected.power), "\(expected)")
    }
  }
}
