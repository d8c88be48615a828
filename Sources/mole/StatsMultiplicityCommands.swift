import ArgumentParser
import Reports
import Statistics

/// The p-values of several questions.
struct PValueArguments: ParsableArguments {
  @Argument(help: "P-values between 0 and 1.")
  var values: [Double]

  func validate() throws {
    for value in values { try check("<values>", value, in: 0...1) }
  }

  func result(_ name: String, _ title: String, _ adjusted: [Double]) -> Table {
    Table(
      name: name, title: "\(values.count) p-values, adjusted by \(title)", notes: [],
      columns: [.init("p", format: .p), .init("adjusted_p", "adjusted\np", format: .p)],
      rows: zip(values, adjusted).map { [.number($0), .number($1)] })
  }
}

struct StatsHolmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holm", abstract: "Adjust p-values so that no wrong one is likely.")

  @OptionGroup var values: PValueArguments
  @OptionGroup var output: StatsFormat

  func run() {
    output.show(values.result("holm", "Holm", Multiplicity.holm(values.values)))
  }
}

struct StatsFalseDiscoveryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bh", abstract: "Adjust p-values so that few of the small ones are wrong.")

  @OptionGroup var values: PValueArguments
  @OptionGroup var output: StatsFormat

  func run() {
    output.show(
      values.result(
        "bh", "Benjamini and Hochberg", Multiplicity.benjaminiHochberg(values.values)))
  }
}
