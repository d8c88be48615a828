import ArgumentParser
import Benchmarks
import Reports
import TensorMath

struct BenchExpertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experts",
    abstract: "Time decoder layers in experts.",
    discussion: """
      Weights are made up, in memory alone. In each turn the layers run with whole blocks, then in \
      experts, all of which a token gets, then one fewer, and so on; the block alone after each. Made-up \
      routers spread tokens nearly evenly.

      Llama-2-7B's shapes:
        mole bench experts --layers 2
      """)

  @OptionGroup var options: BenchModelOptions

  @Option(help: "Experts that share the neurons.")
  var experts = 4

  func validate() throws {
    try check("--experts", experts, in: 1...64)
    guard options.against == nil else {
      throw ValidationError("'--against' is not for experts, which PyTorch's layers do not have.")
    }
  }

  func run() throws {
    let setting = try options.setting()
    try options.show {
      try ExpertSpeeds(setting, experts: experts, progress: $0)
    } as: {
      .experts($0, setting, preset: options.preset)
    }
  }
}

extension Table {
  static func experts(
    _ speeds: ExpertSpeeds, _ setting: BenchmarkSetting, preset: String
  ) -> Table {
    let ratio = NumberFormat(decimals: 3)
    return Table(
      name: "experts",
      title:
        "Speed of a decoder layer in \(speeds.experts) experts: \(preset), \(setting.tokens) tokens",
      notes: [
        "Block: the feed-forward block with its norm and router. Allowed is the experts' share plus 0.08."
          + " Gain: of the whole layer over the dense one; bound: if the block took its share of the"
          + " time (Amdahl)."
      ] + benchNotes(setting, share: speeds.processorShare),
      columns: [
        Column("dtype"), Column("experts_per_token", "experts"),
        Column("tokens", audience: .data), Column("threads", audience: .data),
        Column("block_seconds", "block\nms", format: milliseconds),
        Column("block_ratio", "block\n÷ dense", format: ratio),
        Column("allowed_ratio", "allowed", format: ratio),
        Column("layer_seconds", "layer\nms", format: milliseconds),
        Column("layer_gmac", "layer\nGMAC", format: NumberFormat(decimals: 2)),
        Column("gain", format: NumberFormat(decimals: 2)),
        Column("bound", format: NumberFormat(decimals: 2)),
      ],
      rows: speeds.speeds.map { speed in
        [
          .text(speed.precision.rawValue), .text(speed.topK.map(String.init) ?? "whole block"),
          .number(Double(setting.tokens)), .number(Double(setting.threads)),
          .number(speed.feedForwardSeconds), .number(speed.feedForwardRatio),
          speed.topK == nil ? .empty : .number(speed.share + 0.08), .number(speed.layerSeconds),
          .number(Double(speed.layerMACs) / 1e9), .number(speed.gain), .number(speed.bound),
        ]
      })
  }
}
