import ArgumentParser
import Evaluation
import Reports

struct EvalMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Put the shards of one run together.",
    discussion: """
      The shards must be complete, belong to one plan and have read the same files. The merged \
      journal is the one that the run without shards would have written; merging again changes \
      nothing.
      """)

  @Argument(help: "The run directories of all shards, in any order.")
  var shards: [String]

  @Option(help: "The run directory to make.")
  var out: String

  @Option(help: "How the main table is printed.")
  var format: TableFormat = .table

  func run() throws {
    try ShardMerge(directories: shards)
      .write(to: out, command: ["mole", "eval", "merge"] + shards + ["--out", out])
    try EvalReport.write(run: out, format: format)
  }
}
