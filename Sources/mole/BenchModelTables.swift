import Benchmarks
import Manipulation
import Reports
import TensorMath
import VLAPolicy

extension Table {
  /// Seconds a layer, the rate beside that of the products alone, and PyTorch's.
  static func decoder(
    _ speeds: DecoderSpeeds, _ setting: BenchmarkSetting, preset: String
  ) -> Table {
    let hasTorch = setting.runsTorch
    return Table(
      name: "decoder", title: "Speed of a decoder layer: \(preset), \(setting.tokens) tokens",
      notes: speeds.speeds.map(products)
        + benchNotes(setting, share: speeds.processorShare, torch: speeds.torchVersion),
      columns: [
        Column("dtype"), Column("layers", audience: .roomy),
        Column("tokens", audience: .data), Column("threads", audience: .data),
        Column("seconds_per_layer", "a layer\nms", format: milliseconds),
        Column("gmac_per_s", "GMAC/s"), Column("bare_gmac_per_s", "products\nalone"),
        Column("share_of_peak", "share\n%", format: .percent()),
      ] + torchColumns("torch_seconds_per_layer", shown: hasTorch),
      rows: speeds.speeds.map { speed in
        [
          .text(speed.precision.rawValue), .number(Double(speed.layers)),
          .number(Double(setting.tokens)), .number(Double(setting.threads)),
          .number(speed.secondsPerLayer), .number(speed.rate / 1e9),
          .number(speed.productRate / 1e9), .number(speed.shareOfPeak),
        ]
          + torchCells(
            speed.precision, speed.torchSecondsPerLayer, speed.ratio, shown: hasTorch)
      })
  }

  /// Seconds a picture by part.
  static func vision(
    _ speeds: VisionSpeeds, _ setting: BenchmarkSetting, preset: String
  ) -> Table {
    let hasTorch = setting.runsTorch
    return Table(
      name: "vision", title: "Speed of the vision towers: \(preset)",
      notes: benchNotes(setting, share: speeds.processorShare, torch: speeds.torchVersion),
      columns: [
        Column("dtype"), Column("part"), Column("threads", audience: .data),
        Column("seconds", "ms", format: milliseconds),
        Column("gmac", "GMAC", format: NumberFormat(decimals: 1)),
        Column("gmac_per_s", "GMAC/s"), Column("bare_gmac_per_s", "products\nalone"),
        Column("share_of_peak", "share\n%", format: .percent()),
      ] + torchColumns("torch_seconds", shown: hasTorch),
      rows: speeds.speeds.map { speed in
        [
          .text(speed.precision.rawValue), .text(speed.part?.rawValue ?? "total"),
          .number(Double(setting.threads)), .number(speed.seconds),
          .number(Double(speed.multiplyAccumulates) / 1e9), .number(speed.rate / 1e9),
          .number(speed.productRate / 1e9), .number(speed.shareOfPeak),
        ] + torchCells(speed.precision, speed.torchSeconds, speed.ratio, shown: hasTorch)
      })
  }

  /// Seconds a question by part and method.
  static func policy(
    _ speeds: PolicySpeeds, _ setting: BenchmarkSetting, preset: String
  ) -> Table {
    let hasTorch = setting.runsTorch
    return Table(
      name: "policy", title: "Speed of a policy: \(preset), \(setting.tokens) tokens",
      notes: policyNotes
        + benchNotes(setting, share: speeds.processorShare, torch: speeds.torchVersion),
      columns: [
        Column("dtype"), Column("method"), Column("layers_run", "layers"),
        Column("layers", audience: .data), Column("threads", audience: .data),
      ] + PolicyPart.allCases.map(column)
        + [
          Column("total_seconds", "total\nms", format: milliseconds),
          Column("language_ratio", "language\n÷ dense", format: NumberFormat(decimals: 3)),
          Column("allowed_ratio", "allowed", format: NumberFormat(decimals: 3)),
          Column("language_gmac", "language\nGMAC", format: NumberFormat(decimals: 1)),
          Column("executed_gmac", "all\nGMAC", format: NumberFormat(decimals: 1)),
        ] + torchColumns("torch_seconds", shown: hasTorch),
      rows: speeds.speeds.map { speed in
        let front: [Cell] = [
          .text(speed.precision.rawValue), .text(speed.method.name),
          .number(Double(speed.layersRun)), .number(Double(speed.layerCount)),
          .number(Double(setting.threads)),
        ]
        let back: [Cell] = [
          .number(speed.totalSeconds), cell(speed.languageRatio), .number(speed.allowedRatio),
          .number(Double(speed.executed.languageModel) / 1e9),
          .number(Double(speed.executed.total) / 1e9),
        ]
        return front + PolicyPart.allCases.map { cell(speed.seconds[$0]) } + back
          + torchCells(speed.precision, speed.torchSeconds, speed.ratio, shown: hasTorch)
      })
  }

  private static func column(_ part: PolicyPart) -> Column {
    let heading = part.rawValue.replacing("_", with: "\n")
    return Column("\(part.rawValue)_seconds", "\(heading)\nms", format: milliseconds)
  }

  private static let policyNotes = [
    "Language time is that of the router and of the layers in one prefill; allowed is the share of"
      + " the layers that run, plus 0.02. A token head's later steps count as the action head.",
    "MoLe-VLA's Table 2, on one RTX 4090D: 1935.8 to 985.8 G operations as it counts them (1.96x) and"
      + " 0.434 to 0.309 s (1.40x) for CogACT, dense and with half of the layers.",
  ]

  private static func products(_ speed: DecoderSpeed) -> String {
    let rates = zip(DecoderSpeed.productNames, speed.productRates).map { name, rate in
      "\(name) \(Int((rate / 1e9).rounded()))"
    }
    return "Products alone, \(speed.precision.rawValue), GMAC/s:"
      + " \(rates.joined(separator: ", "))."
  }

  static func benchNotes(
    _ setting: BenchmarkSetting, share: Double, torch: String? = nil
  ) -> [String] {
    var notes = [
      "Medians of \(setting.repetitions) turns on \(setting.threads) threads, which had a processor"
        + " \(Int((share * 100).rounded())) % of the time. 1 MAC = 2 FLOPs."
    ]
    for precision in setting.precisions where !precision.isNative {
      notes.append(
        "This processor does not multiply \(precision.rawValue) itself: products run in 32-bit"
          + " floats.")
    }
    if let torch {
      notes.append("PyTorch \(torch), in turn; int8 beside its bf16. Above 1, we are faster.")
    }
    return notes
  }

  static let milliseconds = NumberFormat(scale: 1000, decimals: 2)

  private static func torchColumns(_ key: String, shown: Bool) -> [Column] {
    guard shown else { return [] }
    return [
      Column("torch_dtype", "PyTorch"), Column(key, "ms", format: milliseconds),
      Column("torch_ratio", "PyTorch\n÷ ours", format: NumberFormat(decimals: 2)),
    ]
  }

  private static func torchCells(
    _ precision: Precision, _ seconds: Double?, _ ratio: Double?, shown: Bool
  ) -> [Cell] {
    shown ? [.text(precision.opponent.rawValue), cell(seconds), cell(ratio)] : []
  }
}
