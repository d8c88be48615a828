import ArgumentParser
import Manipulation
import Reports
import Statistics

struct StatsSimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "How often intervals cover and tests reject.",
    subcommands: [StatsCoverageCommand.self, StatsErrorsCommand.self])
}

struct StatsCoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract: "The coverage of intervals of one rate, summed over all outcomes.")

  @Option(help: "Numbers of episodes, with commas between.")
  var episodes = NameList(["10", "25", "100"])

  @Option(help: "How many rates there are between 0 and 1, evenly.")
  var rates = 99

  @OptionGroup var confidence: StatsConfidence

  @Flag(help: "Only the mean and the least coverage over the rates.")
  var brief = false

  @OptionGroup var output: StatsFormat

  func validate() throws {
    try check("--rates", rates, in: 1...100_000)
    _ = try numbers("--episodes", episodes, in: 1...10_000)
  }

  func run() throws {
    let counts = try numbers("--episodes", episodes, in: 1...10_000)
    let rows = counts.flatMap { count in
      IntervalMethod.allCases.flatMap { self.rows($0, count) }
    }
    output.show(
      Table(
        name: "coverage", title: "Coverage of \(confidence.name) intervals", notes: [],
        columns: [.init("method"), .init("episodes")]
          + (brief
            ? [
              .init("mean_coverage", "mean\ncoverage", format: .share),
              .init("least_coverage", "least\ncoverage", format: .share),
              .init("mean_width", "mean\nwidth", format: .share),
            ]
            : [
              .init("rate", format: .share), .init("coverage", format: .share),
              .init("width", format: .share),
            ]),
        rows: rows))
  }

  private func rows(_ method: IntervalMethod, _ count: Int) -> [[Table.Cell]] {
    let study = CoverageStudy(method, trials: count, confidence: confidence.confidence)
    let places = (1...rates).map { Double($0) / Double(rates + 1) }
    let found = places.map { study.at(rate: $0) }
    let head: [Table.Cell] = [.text(method.rawValue), .number(Double(count))]
    guard brief else {
      return zip(places, found).map { place, result in
        head + [.number(place), .number(result.coverage), .number(result.width)]
      }
    }
    let numbers = [
      Sample(found.map(\.coverage)).mean, found.map(\.coverage).min(),
      Sample(found.map(\.width)).mean,
    ]
    return [head + numbers.map(Table.cell)]
  }
}

struct StatsErrorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "errors", abstract: "How often tests of paired answers reject, by drawing them.",
    discussion: """
      Without a difference the share of rejections is the test's error, with one its power. Those \
      with 'non-inferiority' ask whether the second is not worse by the margin: there the error is at a \
      difference of minus the margin.
      """)

  @Option(help: "Numbers of episodes, with commas between.")
  var episodes = NameList(["100", "500"])

  @Option(
    parsing: .unconditional, help: "True differences, second less first, with commas between.")
  var differences = NameList(["0", "-0.05", "-0.1"])

  @Option(help: "The share of episodes that only one of the two solves.")
  var discordant = 0.2

  @Option(help: "The level of the tests.")
  var alpha = 0.05

  @Option(help: "By how much the second may be worse.")
  var margin = 0.05

  @Option(help: "How often the group-sequential tests look.")
  var looks = 5

  @Option(help: "How many experiments are drawn.")
  var draws = 2000

  @Option(help: "Seeds the experiments.")
  var seed: UInt64 = 0

  @OptionGroup var output: StatsFormat

  func validate() throws {
    try check("--draws", draws, in: 1...10_000_000)
    try check("--looks", looks, in: 1...GroupSequentialPlan.maximumLooks)
    try checkInside("--alpha", alpha, 0, 0.5)
    try checkInside("--margin", margin, 0, 1)
    try checkInside("--discordant", discordant, 0, 1)
    _ = try numbers("--episodes", episodes, in: looks...1_000_000)
    _ = try numbers("--differences", differences, in: -discordant...discordant)
  }

  func run() throws {
    var rows: [[Table.Cell]] = []
    for count in try numbers("--episodes", episodes, in: looks...1_000_000) {
      for difference in try numbers("--differences", differences, in: -discordant...discordant) {
        rows += self.rows(count, difference)
      }
    }
    output.show(
      Table(
        name: "errors", title: "How often tests of paired answers reject, level \(alpha)",
        notes: [
          "\(draws) experiments each, seed \(seed); \(NumberFormat.percentText(discordant)) % of the"
            + " episodes are solved by one alone; \(looks) looks; a margin of \(margin)."
        ],
        columns: [
          .init("test"), .init("episodes"), .init("difference", format: .share),
          .init("rejected", format: .share),
          .init("standard_error", "standard\nerror", format: .share),
          .init("mean_episodes", "episodes until\nit stopped", format: .init(decimals: 1)),
        ], rows: rows))
  }

  private func rows(_ count: Int, _ difference: Double) -> [[Table.Cell]] {
    let study = PairedStudy(
      difference: difference, discordant: discordant, episodes: count, alpha: alpha, looks: looks,
      margin: margin)
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(seed, ["errors", "\(count)", "\(difference)"]))
    return study.results(draws: draws, using: &generator).map { result in
      [
        .text(result.test.rawValue), .number(Double(count)), .number(difference),
        .number(result.rejected), .number(result.error), .number(result.episodes),
      ]
    }
  }
}

/// The numbers of a list.
///
/// - Throws: `ValidationError` where one is no number or out of its range.
private func numbers<Value: LosslessStringConvertible & Comparable>(
  _ flag: String, _ list: NameList, in range: ClosedRange<Value>
) throws -> [Value] {
  try list.names.map { text in
    guard let number = Value(text), range.contains(number) else {
      throw ValidationError(
        "'\(flag)' must be numbers in \(range.lowerBound)...\(range.upperBound), but one is '\(text)'."
      )
    }
    return number
  }
}
