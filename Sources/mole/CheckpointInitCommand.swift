import ArgumentParser
import Checkpoints
import Foundation
import Manipulation
import VLAPolicy

struct CheckpointInitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a checkpoint with random weights.",
    discussion: """
      Writes config.json, model.safetensors, tokenizer.json and dataset_statistics.json into a \
      new folder. The same preset and seed give the same bytes.
      """)

  @Option(help: "The shape: tiny, nano, openvla-7b, mole-openvla-7b or cogact-base.")
  var preset: String

  @Option(help: "Seeds the weights.")
  var seed: UInt64 = 0

  @Option(
    help: "How weights are stored. (default: f32; bf16 for the 7B presets)")
  var dtype: WeightType?

  @Option(help: "A tokenizer.json or tokenizer.model to take over.")
  var tokenizer: String?

  @Option(help: "A dataset_statistics.json to take over, as 'mole demos inspect' writes it.")
  var statistics: String?

  @Option(name: [.short, .customLong("out")], help: "The folder to make.")
  var out: String

  func run() throws {
    let preset = try Preset(named: preset)
    let elementType = dtype?.elementType ?? (preset.tokenizerSize == nil ? .bfloat16 : .float32)
    let progress = ProgressLine(label: "tensors")
    try RandomCheckpoint.write(
      preset, seed: seed, elementType: elementType,
      tokenizer: try tokenizer.map { try Tokenizer(file: URL(filePath: $0)) },
      statistics: try statistics.map {
        try JSONFile.decode([String: DatasetStatistics].self, from: URL(filePath: $0))
      },
      to: URL(filePath: out), progress: { progress.show($0, of: $1) })
    progress.finish()
    print(out)
  }
}

/// The storage types by their names in the field.
enum WeightType: String, ExpressibleByArgument, CaseIterable {
  case f32
  case f16
  case bf16

  var elementType: ElementType {
    switch self {
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    }
  }
}
