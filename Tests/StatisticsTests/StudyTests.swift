import Statistics
import Testing

@Suite struct `A study of methods` {
  @Test func `sums the coverage over all outcomes`() {
    // One trial: at a rate of 1/2 neither outcome's interval reaches, at 0.01 that of a miss does.
    let narrow = CoverageStudy(.wilson, trials: 1, confidence: 0.5)
    #expect(narrow.at(rate: 0.5).coverage == 0)
    #expect(near(narrow.at(rate: 0.01).coverage, 0.99))
    for trials in [10, 25] {
      let exact = CoverageStudy(.clopperPearson, trials: trials)
      let wilson = CoverageStudy(.wilson, trials: trials)
      for rate in [0.02, 0.1, 0.35, 0.5, 0.9] {
        #expect(exact.at(rate: rate).coverage >= 0.95)
        #expect(exact.at(rate: rate).width > wilson.at(rate: rate).width)
      }
    }
  }

  /// Brown, Cai, DasGupta, 2001: Wilson's interval for small rates.
  @Test func `finds Wilson's known gap near 0`() {
    let study = CoverageStudy(.wilson, trials: 25)
    let least = (1...200).map { study.at(rate: Double($0) / 2000).coverage }.min() ?? 1
    #expect((0.82..<0.86).contains(least))
  }

  @Test func `draws experiments that tests judge with their level and power`() throws {
    var generator = Congruence(state: 3)
    let none = PairedStudy(difference: 0, discordant: 0.3, episodes: 100)
      .results(draws: 400, using: &generator)
    #expect(none.map(\.test) == PairedStudy.Test.allCases)
    for result in none where result.test.rawValue != "tango-non-inferiority" {
      // Three and a half standard errors above the level.
      #expect(result.rejected < 0.089 || result.test == .bettingMargin, "\(result)")
    }
    let some = PairedStudy(difference: 0.2, discordant: 0.3, episodes: 100)
      .results(draws: 200, using: &generator)
    for result in some { #expect(result.rejected > 0.75, "\(result)") }
    let fixed = try #require(some.first { $0.test == .mcNemarExact })
    let betting = try #require(some.first { $0.test == .betting })
    #expect(betting.episodes < fixed.episodes)
    // Counting all outcomes tells the same.
    let exact = McNemarPower.power(difference: 0.2, discordant: 0.3, episodes: 100)
    #expect(abs(fixed.rejected - exact) < 0.05)
  }

  @Test func `errs at the margin no more often than it says`() throws {
    var generator = Congruence(state: 8)
    let results = PairedStudy(difference: -0.05, discordant: 0.2, episodes: 200)
      .results(draws: 400, using: &generator)
    for test in [PairedStudy.Test.tangoMargin, .bettingMargin] {
      #expect(try #require(results.first { $0.test == test }).rejected < 0.089)
    }
  }
}
