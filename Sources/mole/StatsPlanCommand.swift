import ArgumentParser
import Reports
import Statistics

struct StatsPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "How many episodes tell a difference, or what so many can tell.",
    discussion: """
      With --difference, the episodes that find it (of either side where they are not paired). With \
      --episodes, the smallest differences that so many find, and with both also how likely they \
      find that one. 'exact' is McNemar's exact and mid-p test without approximation, up to \
      \(StatsPlanCommand.mostExact) episodes; the rest is the normal approximation.

        mole stats plan --rate 0.6 --difference 0.05
        mole stats plan --rate 0.6 --difference -0.05 --paired --discordant 0.2
        mole stats plan --rate 0.6 --episodes 250
      """)

  /// The exact power sums over all outcomes.
  static let mostExact = 5000

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
          .init("power", format: .init(decimals: 3)), .init("method"),
        ], rows: rows))
  }

  private func row(
    _ question: String, _ difference: Double?, _ episodes: Int?, _ power: Double?,
    method: String = "normal approximation"
  ) -> [Table.Cell] {
    [
      .text(question), difference.map { .number($0) } ?? .empty,
      episodes.map { .number(Double($0)) } ?? .empty, power.map { .number($0) } ?? .empty,
      .text(method),
    ]
  }

  private func powers(_ difference: Double, _ episodes: Int) -> [[Table.Cell]] {
    let approximate = plan.power(difference: difference, episodes: episodes)
    var rows = [row("power", difference, episodes, approximate)]
    guard case .paired(let share) = plan.design, episodes <= StatsPlanCommand.mostExact else {
      return rows
    }
    for (name, usesMidP) in [("exact, McNemar", false), ("exact, McNemar mid-p", true)] {
      let power = McNemarPower.power(
        difference: difference, discordant: share, episodes: episodes, alpha: alpha,
        isTwoSided: !oneSided, usesMidP: usesMidP)
      rows.append(row("power", difference, episodes, power, method: name))
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
