import ArgumentParser
import Manipulation
import Reports
import Statistics

struct StatsPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "How many episodes tell a difference, or what so many can tell.",
    discussion: """
      With --difference, the episodes that find it (of either side where they are not paired). With \
      --episodes, the smallest differences that so many find, and with both also how likely they \
      find that one, and for paired episodes how likely tests do that may stop early, and after how \
      many episodes on average. 'exact' is McNemar's exact and mid-p test without approximation and \
      'drawn' the anytime-valid test in drawn experiments, both up to \(StatsPlanCommand.mostExact) \
      episodes; the rest is the normal approximation.

        mole stats plan --rate 0.6 --difference 0.05
        mole stats plan --rate 0.6 --difference -0.05 --paired --discordant 0.2
        mole stats plan --rate 0.6 --episodes 250
      """)

  /// The exact power sums over all outcomes.
  static let mostExact = 5000
  private static let draws = 1000
  private static let looks = 5

  @Option(help: "The success rate of the first, between 0 and 1.")
  var rate: Double

  @Option(
    parsing: .unconditional,
    help: "The difference to be found, second less first, such as -0.05.")
  var difference: Double?

  @Option(help: "How likely it is to be found.")
  var power = 0.8

  @Option(help: "The level of the test.")
  var alpha = 0.05

  @Flag(help: "Ask in one direction alone.")
  var oneSided = false

  @Flag(help: "Both methods take the same episodes.")
  var paired = false

  @Option(
    help: """
      The share of episodes that only one of the two solves; without it, as if the two had nothing in \
      common.
      """)
  var discordant: Double?

  @Option(help: "The episodes there are, of either side.")
  var episodes: Int?

  @OptionGroup var output: StatsFormat

  func validate() throws {
    try check("--rate", rate, in: 0...1)
    try checkInside("--alpha", alpha, 0, 0.5)
    try checkInside("--power", power, 0, 1)
    if let episodes { try check("--episodes", episodes, in: 1...CountsText.largest) }
    guard difference != nil || episodes != nil else {
      throw ValidationError("One of '--difference' and '--episodes' must be given.")
    }
    guard discordant == nil || paired else {
      throw ValidationError("'--discordant' is for '--paired' alone.")
    }
    if let discordant {
      guard discordant > 0, discordant <= 1 else {
        throw ValidationError(
          "'--discordant' must be above 0 and at most 1, but is \(discordant).")
      }
    }
    try checkDifference()
  }

  private func checkDifference() throws {
    guard let difference else { return }
    let possible = plan.possible
    guard difference != 0, possible.contains(difference) else {
      throw ValidationError(
        "'--difference' must be in \(possible.lowerBound)...\(possible.upperBound) and not 0 for these"
          + " rates, but is \(difference).")
    }
  }

  func run() {
    var rows: [[Table.Cell]] = []
    if let difference {
      rows.append(
        row("episodes", difference, plan.episodes(difference: difference, power: power), power))
      if let episodes { rows += powers(difference, episodes) }
    }
    if let episodes {
      for upwards in [false, true] {
        let found = plan.detectable(episodes: episodes, power: power, upwards: upwards)
        rows.append(row("detectable", found, episodes, found == nil ? nil : power))
      }
    }
    output.show(
      Table(
        name: "plan", title: title, notes: notes,
        columns: [
          .init("question"), .init("difference", format: .share), .init("episodes"),
          .init("power", format: .init(decimals: 3)),
          .init("mean_episodes", "episodes\non average"), .init("method"),
        ], rows: rows))
  }

  private func row(
    _ question: String, _ difference: Double?, _ episodes: Int?, _ power: Double?,
    onAverage: Double? = nil, method: String = "normal approximation"
  ) -> [Table.Cell] {
    let count = episodes.map(Double.init)
    let numbers = [difference, count, power, onAverage ?? count]
    return [.text(question)] + numbers.map(Table.cell) + [.text(method)]
  }

  private func powers(_ difference: Double, _ episodes: Int) -> [[Table.Cell]] {
    let approximate = plan.power(difference: difference, episodes: episodes)
    var rows = [row("power", difference, episodes, approximate)]
    guard case .paired(let share) = plan.design else { return rows }
    if episodes <= StatsPlanCommand.mostExact {
      rows += [("exact, McNemar", false), ("exact, McNemar mid-p", true)].map { name, usesMidP in
        let power = McNemarPower.power(
          difference: difference, discordant: share, episodes: episodes, alpha: alpha,
          isTwoSided: !oneSided, usesMidP: usesMidP)
        return row("power", difference, episodes, power, method: name)
      }
    }
    return rows + stoppingPowers(difference, episodes, share)
  }

  /// The same for tests that may stop early.
  private func stoppingPowers(
    _ difference: Double, _ episodes: Int, _ share: Double
  ) -> [[Table.Cell]] {
    // The score of all episodes, expected over its deviation without a difference.
    let drift = abs(difference) * (Double(episodes) / share).squareRoot()
    var rows = GroupSequentialPlan.Shape.allCases.map { shape in
      let bounds = GroupSequentialPlan(
        shape: shape, looks: StatsPlanCommand.looks, alpha: alpha, isTwoSided: !oneSided)
      let (power, looked) = bounds.power(drift: drift)
      return row(
        "power", difference, episodes, power, onAverage: looked * Double(episodes),
        method: "\(shape.rawValue), \(StatsPlanCommand.looks) looks")
    }
    guard !oneSided, episodes <= StatsPlanCommand.mostExact else { return rows }
    let study = PairedStudy(
      difference: difference, discordant: share, episodes: episodes, alpha: alpha, looks: 1)
    var generator = SeededGenerator(seed: 0)
    for result in study.results(
      of: [.betting], draws: StatsPlanCommand.draws, using: &generator)
    {
      rows.append(
        row(
          "power", difference, episodes, result.rejected, onAverage: result.episodes,
          method: "drawn, betting"))
    }
    return rows
  }

  private var plan: PowerPlan {
    PowerPlan(
      rate: rate, design: paired ? .paired(discordant: share) : .unpaired, alpha: alpha,
      isTwoSided: !oneSided)
  }

  /// As given, or as two methods have it that succeed independently of each other.
  private var share: Double {
    if let discordant { return discordant }
    let second = min(1, max(0, rate + (difference ?? 0)))
    return min(1, max(1e-9, rate * (1 - second) + second * (1 - rate)))
  }

  private var title: String {
    let sides = oneSided ? "one-sided" : "two-sided"
    let design = paired ? "the same episodes" : "episodes of their own"
    return "Two methods on \(design), the first at \(rate), level \(alpha) \(sides)"
  }

  private var notes: [String] {
    paired
      ? ["\(NumberFormat.percentText(share)) % of the episodes are solved by one alone."]
      : ["The episodes are of either side."]
  }
}
