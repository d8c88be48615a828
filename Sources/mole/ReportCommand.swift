import ArgumentParser
import Foundation
import Reports

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the tables and figures of runs.",
    discussion: """
      Recomputes summary.json, tables/ and figures/ from each run's journal and prints the main \
      table. Several runs go into one folder each below --out.
      """)

  @Argument(help: "Run directories, as 'mole eval --out' wrote them.")
  var runs: [String]

  @Option(help: "Where to write; without it, into the run directories themselves.")
  var out: String?

  @Option(help: "How the main table is printed.")
  var format: TableFormat = .table

  func run() throws {
    let runs = try runs.map { try RunDirectory(opening: URL(filePath: $0)) }
    let folders = try ReportWriter.folders(for: runs, below: out.map { URL(filePath: $0) })
    for (run, folder) in zip(runs, folders) {
      let summary = try ReportWriter.write(run: run, to: folder)
      Console.say("Wrote the report of '\(run.name)' to \(folder.path)")
      Console.show(summary, as: format)
    }
  }
}

extension TableFormat: ExpressibleByArgument {}
