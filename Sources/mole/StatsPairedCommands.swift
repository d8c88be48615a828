import ArgumentParser
import Reports
import Statistics

struct StatsMcNemarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcnemar", abstract: "McNemar's exact and mid-p tests of paired answers.")

  @Argument(help: "Episodes that only the first solved.")
  var onlyFirst: Int

  @Argument(help: "Episodes that only the second solved.")
  var onlySecond: Int

  @OptionGroup var output: StatsFormat

  func validate() throws {
    try check("<only-first>", onlyFirst, in: 0...CountsText.largest)
    try check("<only-second>", onlySecond, in: 0...CountsText.largest)
  }

  func run() {
    let rows = Alternative.allCases.map { alternative -> [Table.Cell] in
      let exact = McNemarTest.exactP(
        onlyFirst: onlyFirst, onlySecond: onlySecond, alternative: alternative)
      let mid = McNemarTest.midP(
        onlyFirst: onlyFirst, onlySecond: onlySecond, alternative: alternative)
      return [.text(alternative.rawValue), .number(exact), .number(mid)]
    }
    output.show(
      Table(
        name: "mcnemar",
        title: "\(onlyFirst) episodes that only the first solved, \(onlySecond) only the second",
        notes: ["'higher' asks whether the second is higher; 'different' is two-sided."],
        columns: [
          .init("alternative"), .init("exact_p", "exact p", format: .p),
          .init("mid_p", "mid-p", format: .p),
        ], rows: rows))
  }
}

struct StatsTangoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tango",
    abstract: "Tango's interval of a paired difference, and whether it is above a margin.")

  @OptionGroup var counts: PairedArguments

  @Option(help: "By how much the second may be worse, as a share such as 0.05.")
  var margin = 0.05

  @OptionGroup var confidence: StatsConfidence
  @OptionGroup var output: StatsFormat

  func validate() throws {
    try check("--margin", margin, in: 0...1)
  }

  func run() {
    let table = counts.table
    guard let interval = table.tangoInterval(confidence: confidence.confidence) else { return }
    output.show(
      Table(
        name: "tango", title: "Difference of the second to the first, \(confidence.name) interval",
        notes: [
          "The p-values are one-sided: small where the second is better; worse; not worse by the"
            + " margin."
        ],
        columns: [
          .init("episodes"), .init("difference", format: .share), .init("lower", format: .share),
          .init("upper", format: .share), .init("better_p", "better\np", format: .p),
          .init("worse_p", "worse\np", format: .p), .init("margin", format: .share),
          .init("non_inferiority_p", "not worse\np", format: .p),
          .init("confidence", audience: .data),
        ],
        rows: [
          [
            .number(Double(table.count)), .number(interval.estimate), .number(interval.lower),
            .number(interval.upper), .number(table.superiorityP()), .number(table.inferiorityP()),
            .number(margin), .number(table.nonInferiorityP(margin: margin)),
            .number(confidence.confidence),
          ]
        ]))
  }
}
