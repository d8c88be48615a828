import ArgumentParser
import Checkpoints
import Files
import Foundation
import NeuralLayers
import Outcomes
import Reports
import TensorMath
import VLAPolicy

struct CheckpointPerplexityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perplexity", abstract: "How well a language model foretells a text.",
    discussion: """
      The text is cut into windows that know nothing of one another; every token of a window but its \
      first is foretold. Methods are those that need no policy: dense, truncate:8, random:8, static:8, \
      and for a factorized checkpoint factor:1R4E2K.
      """)

  @Argument(help: "The checkpoint folder (LlamaForCausalLM).")
  var checkpoint: String

  @Option(help: "The text file, UTF-8.")
  var text: String

  @Option(help: "Methods, separated by commas.")
  var methods = NameList(["dense"])

  @Option(
    help: "What the choice of experts goes by: router, random, label, label-k/E or oracle.")
  var experts = "router"

  @Option(help: "The share of the layers that runs where a method names none.")
  var keep = 0.5

  @Option(help: "Tokens of a window.")
  var window = 512

  @Option(help: "The most windows; all when not given.")
  var windows: Int?

  @Option(
    help: "Windows at the beginning that are left out, such as those that routers learnt from.")
  var skip = 0

  @Option(help: "Seeds random choices.")
  var seed: UInt64 = 0

  @Option(
    help: "What products run in: f32, bf16 or int8; what suits the stored weights when not given.")
  var dtype: ProductType?

  @OptionGroup var settings: ConfigurationSettings

  @Option(help: "How the table is printed.")
  var format: TableFormat = .table

  func validate() throws {
    try check("--window", window, in: 2...4096)
    try check("--windows", windows ?? 1, in: 1...1_000_000)
    try check("--skip", skip, in: 0...1_000_000)
    guard keep > 0, keep <= 1 else {
      throw ValidationError("'--keep' must be in (0, 1], but is \(keep).")
    }
    guard ["router", "random", "label", "label-k/E", "oracle"].contains(experts) else {
      throw ValidationError(
        "'--experts' knows router, random, label, label-k/E and oracle, but not '\(experts)'.")
    }
  }

  func run() throws {
    let folder = try CheckpointFolder(URL(filePath: checkpoint), settings: settings.set)
    let model = try LanguageModel(folder, precision: dtype?.precision)
    let ids = try TextFile.ids(text, of: model)
    guard ids.count > skip * window + 1 else {
      throw ValidationError("'--skip' leaves nothing of the \(ids.count) tokens of '\(text)'.")
    }
    let progress = ProgressLine(label: "windows")
    let rows = try methods.names.map { name in
      let method = try LayerMethod(name, keep: keep, depth: model.decoder.depth)
      let sample = Array(ids.prefix(window))
      let result = model.perplexity(
        of: Array(ids.dropFirst(skip * window)), window: window, limit: windows,
        selection: try model.selection(
          for: method, calibratingOn: model.tokenizer.decode(sample)),
        experts: try run(of: method, in: model.configuration.language)
      ) { progress.show($0, of: $1) }
      return (name, result)
    }
    progress.finish()
    let table = Table.perplexities(rows, experts: experts)
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }

  private func run(
    of method: LayerMethod, in language: LanguageConfiguration
  ) throws -> ExpertRun {
    let count = try method.expertsPerToken(in: language)
    let share = Float(count ?? 1) / Float(language.factorization?.experts ?? 1)
    let source: ExpertRun.Source =
      switch experts {
      case "random": .random
      case "label": .label(shrinking: 1)
      case "label-k/E": .label(shrinking: share)
      case "oracle": .oracle
      default: .router
      }
    return ExpertRun(count: count, source: source, seed: seed)
  }
}

/// A text from outside.
enum TextFile {
  private static let limit = 64 << 20

  static func ids(_ path: String, of model: LanguageModel) throws -> [Int] {
    try ids(path, by: model.tokenizer)
  }

  static func ids(_ path: String, by tokenizer: Tokenizer) throws -> [Int] {
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.bytes(of: path, limit: limit)
    } catch {
      throw CheckpointError(error, path: path)
    }
    return try tokenizer.encode(String(decoding: bytes, as: UTF8.self), addBeginning: true)
  }
}

extension Table {
  static func perplexities(_ rows: [(String, Perplexity)], experts: String) -> Table {
    let dense = rows.first { $0.0 == "dense" }?.1
    return Table(
      name: "perplexity", title: "Perplexity",
      notes: [
        "Experts by \(experts). Hits: the share of the tokens that the model held for the likeliest; chance:"
          + " of one who always says the most frequent. Layers: multiply-accumulates of a window, executed; 1 MAC = 2 FLOPs."
      ],
      columns: [
        Column("method"), Column("perplexity", format: NumberFormat(decimals: 3)),
        Column("tokens"), Column("windows", audience: .data),
        Column("accuracy", "hits\n%", format: .percent()),
        Column("chance", "chance\n%", format: .percent()),
        Column("layer_gmac", "layers\nGMAC", format: NumberFormat(decimals: 3)),
        Column("against_dense", "÷ dense", format: NumberFormat(decimals: 3)),
      ],
      rows: rows.map { name, result in
        let cost = Double(result.layerMACs) / Double(max(result.windowCount, 1)) / 1e9
        let whole = dense.map { Double($0.layerMACs) / Double(max($0.windowCount, 1)) / 1e9 }
        return [
          .text(name), .number(result.value), .number(Double(result.tokenCount)),
          .number(Double(result.windowCount)), .number(result.accuracy), .number(result.chance),
          .number(cost),
          whole.map { .number(cost / $0) } ?? .empty,
        ]
      })
  }
}
