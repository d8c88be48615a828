import ArgumentParser
import Reports
import Statistics

struct StatsStratifiedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cmh",
    abstract: "Cochran's, Mantel's and Haenszel's test of two unpaired methods on several tasks.")

  @Argument(help: "For each task the counts of the first and the second, such as 5/10:7/10.")
  var tasks: [String]

  @OptionGroup var confidence: StatsConfidence
  @OptionGroup var output: StatsFormat

  func validate() throws { _ = try test() }

  func run() throws {
    let test = try test()
    let ratio = test.oddsRatio(confidence: confidence.confidence)
    let numbers = [
      test.statistic(), test.p(), test.p(corrected: true), ratio?.estimate, ratio?.lower,
      ratio?.upper, test.homogeneityP, confidence.confidence,
    ]
    output.show(
      Table(
        name: "cmh", title: "The second against the first on \(tasks.count) tasks",
        notes: [
          "Odds ratio: the odds of the second over those of the first, with a \(confidence.name)"
            + " interval. Homogeneity: a small p says that it differs between tasks.",
          "What has no answer is '–', such as an odds ratio where one side never fails.",
        ],
        columns: [
          .init("statistic", format: NumberFormat(decimals: 3)), .init("p", format: .p),
          .init("corrected_p", "corrected\np", format: .p),
          .init("odds_ratio", "odds\nratio", format: NumberFormat(decimals: 3)),
          .init("lower", format: NumberFormat(decimals: 3)),
          .init("upper", format: NumberFormat(decimals: 3)),
          .init("homogeneity_p", "homogeneity\np", format: .p),
          .init("confidence", audience: .data),
        ], rows: [numbers.map(Table.cell)]))
  }

  private func test() throws -> CochranMantelHaenszel {
    CochranMantelHaenszel(
      try tasks.map { text in
        try parsed { () throws(CountsText.Mistake) in try CountsText.table(text) }
      })
  }
}
