import ArgumentParser
import Reports
import Statistics

/// Counts of two methods on episodes of their own.
struct UnpairedArguments: ParsableArguments {
  @Argument(help: "Successes of trials of the first, such as 25/50.")
  var first: String

  @Argument(help: "Successes of trials of the second.")
  var second: String

  func validate() throws { _ = try table() }

  func table() throws -> UnpairedTable {
    try parsed { () throws(CountsText.Mistake) in
      UnpairedTable(first: try CountsText.side(first), second: try CountsText.side(second))
    }
  }

  /// Checks that a test which looks at every possible table is done in seconds.
  func checkSize() throws {
    let largest = 10_000
    let table = try table()
    guard max(table.first.trials, table.second.trials) <= largest else {
      throw ValidationError(
        "This test looks at every possible outcome, which is too much beyond \(largest) trials a side;"
          + " use 'mole stats fisher'.")
    }
  }

  /// The p-values of a test, one row an alternative.
  func result(_ name: String, _ title: String, p: (UnpairedTable, Alternative) -> Double) throws
    -> Table
  {
    let counts = try table()
    return Table(
      name: name, title: "\(title) of \(first) against \(second)",
      notes: ["'higher' asks whether the second is higher; 'different' is two-sided."],
      columns: [
        .init("alternative"), .init("difference", format: .share), .init("p", format: .p),
      ],
      rows: Alternative.allCases.map { alternative in
        [
          .text(alternative.rawValue), Table.cell(counts.difference),
          .number(p(counts, alternative)),
        ]
      })
  }
}

struct StatsFisherCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fisher", abstract: "Fisher's exact test of two unpaired success rates.")

  @OptionGroup var counts: UnpairedArguments
  @OptionGroup var output: StatsFormat

  func run() throws {
    output.show(
      try counts.result("fisher", "Fisher's exact test") { FisherTest.p($0, alternative: $1) })
  }
}

struct StatsBarnardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "barnard", abstract: "Barnard's exact test of two unpaired success rates.")

  @OptionGroup var counts: UnpairedArguments
  @OptionGroup var output: StatsFormat

  func validate() throws { try counts.checkSize() }

  func run() throws {
    output.show(
      try counts.result("barnard", "Barnard's exact test") { BarnardTest.p($0, alternative: $1) })
  }
}

struct StatsBoschlooCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boschloo", abstract: "Boschloo's exact test of two unpaired success rates.")

  @OptionGroup var counts: UnpairedArguments
  @OptionGroup var output: StatsFormat

  func validate() throws { try counts.checkSize() }

  func run() throws {
    output.show(
      try counts.result("boschloo", "Boschloo's exact test") { BoschlooTest.p($0, alternative: $1) }
    )
  }
}

struct StatsNewcombeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "newcombe", abstract: "Newcombe's interval of an unpaired difference.")

  @OptionGroup var counts: UnpairedArguments
  @OptionGroup var confidence: StatsConfidence
  @OptionGroup var output: StatsFormat

  func run() throws {
    let interval = try counts.table().newcombeInterval(confidence: confidence.confidence)
    let rows = interval.map { interval -> [Table.Cell] in
      [
        .number(interval.estimate), .number(interval.lower), .number(interval.upper),
        .number(confidence.confidence),
      ]
    }
    output.show(
      Table(
        name: "newcombe",
        title: "Difference of \(counts.second) to \(counts.first), \(confidence.name) interval",
        notes: [],
        columns: [
          .init("difference", format: .share), .init("lower", format: .share),
          .init("upper", format: .share), .init("confidence", audience: .data),
        ], rows: rows.map { [$0] } ?? []))
  }
}
