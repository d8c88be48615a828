import ArgumentParser
import Reports
import Statistics

struct StatsIntervalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interval", abstract: "Intervals of success rates.")

  @Argument(help: "Successes of trials, such as 9/10.")
  var counts: [String]

  @Option(
    help: """
      How the interval is made: wilson, wilson-cc, clopper-pearson, jeffreys or agresti-coull; several \
      with commas between, or 'all'.
      """)
  var method = NameList([IntervalMethod.wilson.rawValue])

  @OptionGroup var confidence: StatsConfidence
  @OptionGroup var output: StatsFormat

  func validate() throws {
    _ = try methods()
    for text in counts {
      _ = try parsed { () throws(CountsText.Mistake) in try CountsText.side(text) }
    }
  }

  func run() throws {
    var rows: [[Table.Cell]] = []
    for text in counts {
      let side = try parsed { () throws(CountsText.Mistake) in try CountsText.side(text) }
      rows += try methods().compactMap { row(side, $0) }
    }
    output.show(
      Table(
        name: "interval", title: "Success rates with intervals of \(confidence.name)", notes: [],
        columns: [
          .init("successes"), .init("trials"), .init("method"),
          .init("estimate", "rate", format: .share), .init("lower", format: .share),
          .init("upper", format: .share), .init("confidence", audience: .data),
        ], rows: rows))
  }

  private func methods() throws -> [IntervalMethod] {
    if method.names == ["all"] { return IntervalMethod.allCases }
    return try method.names.map { name in
      guard let method = IntervalMethod(rawValue: name) else {
        let known = IntervalMethod.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw ValidationError("'--method' must be 'all' or of \(known), but is '\(name)'.")
      }
      return method
    }
  }

  private func row(_ side: UnpairedTable.Side, _ method: IntervalMethod) -> [Table.Cell]? {
    method.interval(
      successes: side.successes, trials: side.trials, confidence: confidence.confidence
    ).map { interval in
      [
        .number(Double(side.successes)), .number(Double(side.trials)), .text(method.rawValue),
        .number(interval.estimate), .number(interval.lower), .number(interval.upper),
        .number(confidence.confidence),
      ]
    }
  }
}
