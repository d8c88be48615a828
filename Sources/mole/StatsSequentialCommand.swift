import ArgumentParser
import Foundation
import Reports
import Statistics

struct StatsSequentialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sequential", abstract: "Tests that may stop early.",
    subcommands: [StatsBettingCommand.self, StatsBoundsCommand.self])
}

struct StatsBettingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "betting", abstract: "What paired answers so far prove, however often one looks.",
    discussion: """
      The e-value is the wealth of bets against the null hypothesis: 20 or more rejects it at level \
      0.05, after whatever episode one looks. Its p-value is one over it. The interval covers the true \
      difference after every episode at once.
      """)

  @OptionGroup var counts: PairedArguments

  @Option(help: "By how much the second may be worse, as a share such as 0.05.")
  var margin = 0.05

  @OptionGroup var confidence: StatsConfidence
  @OptionGroup var output: StatsFormat

  func validate() throws {
    guard margin >= 0, margin < 1 else {
      throw ValidationError("'--margin' must be at least 0 and below 1, but is \(margin).")
    }
  }

  func run() {
    let tests: [(String, BettingTest)] = [
      ("different", BettingTest(counts.table, alternative: .different)),
      ("better", BettingTest(counts.table, alternative: .higher)),
      ("worse", BettingTest(counts.table, alternative: .lower)),
      ("not worse by margin", BettingTest(counts.table, null: -margin, alternative: .higher)),
      ("worse by margin", BettingTest(counts.table, null: -margin, alternative: .lower)),
    ]
    let interval = BettingTest.interval(counts.table, confidence: confidence.confidence)
    let ends = [interval?.estimate, interval?.lower, interval?.upper]
    output.show(
      Table(
        name: "betting", title: "Paired answers of \(counts.table.count) episodes, by betting",
        notes: [
          "Lower and upper: the \(confidence.name) confidence sequence of the difference, second less"
            + " first. The margin is \(margin)."
        ],
        columns: [
          .init("claim", "the second is"), .init("e_value", "e-value", format: .init(decimals: 3)),
          .init("anytime_p", "anytime\np", format: .p), .init("difference", format: .share),
          .init("lower", format: .share), .init("upper", format: .share),
        ],
        rows: tests.map { name, test in
          let wealth = exp(test.logWealth)
          let row: [Table.Cell] = [.text(name), .number(wealth), .number(min(1, 1 / wealth))]
          return row + ends.map(Table.cell)
        }))
  }
}

struct StatsBoundsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounds", abstract: "Bounds of the normal score for a few equally spaced looks.",
    discussion: """
      At each look the score of paired answers is (second - first) / √(second + first), of the \
      episodes that only one solved. The test stops when it is beyond the bound.
      """)

  @Option(help: "How often one looks.")
  var looks = 5

  @Option(help: "The probability of stopping without a difference.")
  var alpha = 0.05

  @Option(help: "Bounds far at first (obrien-fleming) or the same at each look (pocock).")
  var shape: GroupSequentialPlan.Shape = .obrienFleming

  @Flag(help: "Stop on the upper side alone.")
  var oneSided = false

  @OptionGroup var output: StatsFormat

  func validate() throws {
    try check("--looks", looks, in: 1...GroupSequentialPlan.maximumLooks)
    try checkInside("--alpha", alpha, 0, 0.5)
  }

  func run() {
    let plan = GroupSequentialPlan(
      shape: shape, looks: looks, alpha: alpha, isTwoSided: !oneSided)
    var spent = 0.0
    let rows = zip(plan.bounds, plan.stopping(drift: 0)).enumerated().map { look, step in
      spent += step.1.above + step.1.below
      let tail = NormalDistribution.upperTail(step.0) * (oneSided ? 1 : 2)
      return [Double(look + 1), Double(look + 1) / Double(looks), step.0, tail, spent]
    }
    output.show(
      Table(
        name: "bounds", title: "Bounds for \(looks) looks by \(shape.rawValue), level \(alpha)",
        notes: [],
        columns: [
          .init("look"), .init("share", "share of\nepisodes", format: .init(decimals: 2)),
          .init("bound", format: .init(decimals: 4)),
          .init("nominal_p", "nominal\np", format: .init(decimals: 5)),
          .init("spent_alpha", "spent\nlevel", format: .init(decimals: 5)),
        ], rows: rows.map { $0.map { .number($0) } }))
  }
}
