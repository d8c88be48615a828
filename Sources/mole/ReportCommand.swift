import ArgumentParser
import Foundation
import Reports

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the tables and figures of runs.",
    discussion: """
      Recomputes summary.json, tables/ and figures/ from each run's journal and prints the main \
      table. Several runs go into one folder each below --out.

      A replay and a rollout of the same policies also give, directly in --out, the tables and the \
      figure 'offline_vs_closed_loop': whether what replay says of methods and tasks foretells \
      their success.
      """)

  @Argument(help: "Run directories, as 'mole eval --out' wrote them.")
  var runs: [String]

  @Option(help: "Where to write; without it, into the run directories themselves.")
  var out: String?

  @Option(help: "How the tables are printed.")
  var format: TableFormat = .table

  func run() throws {
    let runs = try runs.map { try RunDirectory(opening: URL(filePath: $0)) }
    let out = out.map { URL(filePath: $0) }
    let folders = try ReportWriter.folders(for: runs, below: out)
    var tally = try out == nil ? nil : RunPair(among: runs).map(PairTally.init)
    for (run, folder) in zip(runs, folders) {
      let summary = try ReportWriter.write(run: run, to: folder) { tally?.add($0) }
      tally?.add(summary)
      Console.say("Wrote the report of '\(run.name)' to \(folder.path)")
      Console.show(summary, as: format)
    }
    if let out, let tally { try compare(tally, writingTo: out) }
  }

  private func compare(_ tally: PairTally, writingTo out: URL) throws {
    let comparison = tally.compared()
    try ReportWriter.write(comparison, to: out)
    Console.say("Wrote offline against closed loop to \(out.path)")
    for table in [OfflineClosedLoopTable.table(comparison), AgreementTable.table(comparison)] {
      print("\n" + table.rendered(as: format, width: Console.width), terminator: "")
    }
  }
}
