import ArgumentParser
import Reports
import Statistics

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Calculate intervals, tests and plans from counts.",
    discussion: """
      Counts are written as successes of trials, such as 9/10. Of two methods the first is the base: \
      a difference is the second less the first, and 'higher' asks whether the second is higher.

        mole stats interval 9/10 --method wilson
        mole stats mcnemar 11 2
        mole stats fisher 25/50 29/50
        mole stats tango 40 11 2 47 --margin 0.05
        mole stats holm 0.01 0.04 0.03
        mole stats plan --rate 0.6 --difference 0.05
      """,
    subcommands: [
      StatsIntervalCommand.self, StatsMcNemarCommand.self, StatsTangoCommand.self,
      StatsFisherCommand.self, StatsBarnardCommand.self, StatsBoschlooCommand.self,
      StatsNewcombeCommand.self, StatsStratifiedCommand.self, StatsHolmCommand.self,
      StatsFalseDiscoveryCommand.self, StatsSequentialCommand.self, StatsPlanCommand.self,
      StatsSimulateCommand.self,
    ])
}

/// How the result of a calculation is printed.
struct StatsFormat: ParsableArguments {
  @Option(help: "How the table is printed.")
  var format: TableFormat = .table

  func show(_ table: Table) {
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }
}

/// The confidence of an interval.
struct StatsConfidence: ParsableArguments {
  @Option(help: "The confidence of the interval, between 0 and 1.")
  var confidence = 0.95

  func validate() throws {
    try checkInside("--confidence", confidence, 0, 1)
  }

  /// The confidence as a column says it.
  var name: String { "\(NumberFormat.percentText(confidence)) %" }
}

/// Checks that a flag's number lies between two others and is neither of them.
func checkInside(_ flag: String, _ value: Double, _ low: Double, _ high: Double) throws {
  guard value > low, value < high else {
    throw ValidationError(
      "'\(flag)' must be above \(low) and below \(high), but is \(value).")
  }
}

/// Four counts of paired answers, as arguments.
struct PairedArguments: ParsableArguments {
  @Argument(help: "Episodes that both solved.")
  var both: Int

  @Argument(help: "Episodes that only the first solved.")
  var onlyFirst: Int

  @Argument(help: "Episodes that only the second solved.")
  var onlySecond: Int

  @Argument(help: "Episodes that neither solved.")
  var neither: Int

  func validate() throws {
    for (name, value) in [
      ("both", both), ("only-first", onlyFirst), ("only-second", onlySecond), ("neither", neither),
    ] { try check("<\(name)>", value, in: 0...CountsText.largest) }
    guard both + onlyFirst + onlySecond + neither > 0 else {
      throw ValidationError("All four counts are 0; give those of at least one episode.")
    }
  }

  var table: Statistics.PairedTable {
    .init(both: both, onlyFirst: onlyFirst, onlySecond: onlySecond, neither: neither)
  }
}

extension NumberFormat {
  /// A p-value.
  static let p = NumberFormat(decimals: 4)
  /// A share from 0 to 1.
  static let share = NumberFormat(decimals: 4)

  /// A share as percent, without digits that say nothing.
  static func percentText(_ share: Double) -> String {
    let percent = (share * 1e6).rounded() / 1e4
    return percent == percent.rounded() ? String(Int(percent)) : String(percent)
  }
}

extension IntervalMethod: ExpressibleByArgument {}
extension GroupSequentialPlan.Shape: ExpressibleByArgument {}

/// Counts of an argument.
///
/// - Throws: `ValidationError` that says what is wrong with them.
func parsed<Value>(_ parse: () throws(CountsText.Mistake) -> Value) throws -> Value {
  do {
    return try parse()
  } catch {
    throw ValidationError("\(error).")
  }
}
