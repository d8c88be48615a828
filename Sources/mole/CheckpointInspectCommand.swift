import ArgumentParser
import Foundation
import Manipulation
import Reports
import VLAPolicy

struct CheckpointInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show a checkpoint's parts, parameters, shapes and MACs.",
    discussion: """
      Reads config.json and the headers of the weights alone, so that a checkpoint of any size \
      is inspected at once. Knows mole's own folders, OpenVLA's, CogACT's and MoLe-VLA's, \
      LlamaForCausalLM, and timm's vision transformers. Exit 65 when tensors are missing or have \
      the wrong shape.
      """)

  @Argument(help: "The checkpoint folder.")
  var checkpoint: String

  @Option(help: "Tokens of text that the MACs are computed for.")
  var textTokens = 34

  @Flag(help: "List every detail of the configuration, and where it comes from.")
  var details = false

  @Flag(help: "List every tensor with its shape.")
  var tensors = false

  @OptionGroup var settings: ConfigurationSettings

  @Option(help: "How the tables are printed.")
  var format: TableFormat = .table

  func validate() throws {
    try check("--text-tokens", textTokens, in: 1...4096)
  }

  func run() throws {
    let folder = try CheckpointFolder(URL(filePath: checkpoint), settings: settings.set)
    let archive = try folder.archive()
    let configuration = folder.model.configuration
    try configuration.check(archive)
    var tables = [Table.parts(of: folder, textTokenCount: textTokens)]
    if details { tables.append(Table.details(try folder.details())) }
    if tensors { tables.append(try Table.tensors(of: configuration, in: archive)) }
    print(
      tables.map { $0.rendered(as: format, width: Console.width) }.joined(separator: "\n"),
      terminator: "")
  }
}

/// Details of a checkpoint's configuration that the command line changes.
struct ConfigurationSettings: ParsableArguments {
  @Option(
    help: """
      Change a detail of the configuration, such as image.center_crop=0.9, image.statistics=bf16, \
      image.resize=letterbox, image.size=448, language.rms_norm_epsilon=1e-5 or \
      router.input=embeddings; repeatable. 'mole checkpoint inspect --details' lists them.
      """)
  var set: [String] = []
}
