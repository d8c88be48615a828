import ArgumentParser
import Checkpoints
import Foundation
import Manipulation
import Reports
import VLAPolicy

struct CheckpointInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show a checkpoint's parts, parameters, shapes and MACs.",
    discussion: """
      Reads config.json and the headers of the weights alone, so that a checkpoint of any size \
      is inspected at once. Exit 65 when tensors are missing or have the wrong shape.
      """)

  @Argument(help: "The checkpoint folder.")
  var checkpoint: String

  @Option(help: "Tokens of text that the MACs are computed for.")
  var textTokens = 34

  @Flag(help: "List every tensor with its shape.")
  var tensors = false

  @Option(help: "How the tables are printed.")
  var format: TableFormat = .table

  func validate() throws {
    try check("--text-tokens", textTokens, in: 1...4096)
  }

  func run() throws {
    let folder = URL(filePath: checkpoint)
    let configuration = try Configuration(checkpoint: folder)
    let archive = try TensorArchive(checkpointDirectory: folder)
    try configuration.check(archive)
    let parts = Table.parts(of: configuration, textTokenCount: textTokens)
    print(parts.rendered(as: format, width: Console.width), terminator: "")
    if tensors {
      let table = try Table.tensors(of: configuration, in: archive)
      print("\n" + table.rendered(as: format, width: Console.width), terminator: "")
    }
  }
}
