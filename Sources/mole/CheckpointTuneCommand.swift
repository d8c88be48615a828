import ArgumentParser
import Foundation
import Outcomes
import Reports
import Training
import VLAPolicy

struct CheckpointTuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Train a language model's feed-forward blocks on a text (FactorLLM's second stage).",
    discussion: """
      Experts learn from what they foretell; everything but the feed-forward blocks stays. Under hard \
      gates routers stay as 'mole checkpoint route' left them; straight-through or soft gates teach them \
      too: --set language.factorization.gate=ste. How many experts a token gets the checkpoint says, or \
      --set language.factorization.top_k=2. A model whose blocks are whole is tuned as it is, to hold the \
      other against. A policy's experts are trained by 'mole train'.
      """)

  @Argument(help: "The checkpoint folder (LlamaForCausalLM), factorized or not.")
  var checkpoint: String

  @Option(help: "The text file, UTF-8.")
  var text: String

  @Option(help: "The most windows of the text; all when not given.")
  var windows: Int?

  @Option(help: "Tokens of a window.")
  var window = 256

  @Option(help: "Updates.")
  var updates = 100

  @Option(help: "Windows of an update, an even number: two threads share them.")
  var batch = 4

  @Option(help: "The highest learning rate; it rises in a tenth of the updates, then falls.")
  var learningRate = 1e-4

  @Option(help: "The weight of the experts' load balance.")
  var balanceWeight = 0.0

  @Option(help: "The weight of the Prior-Approximate loss, for which all experts run.")
  var priorWeight = 0.0

  @Option(help: "What the factors of products are rounded to: f32 or bf16.")
  var dtype: ProductType = .f32

  @Option(help: "Seeds the order of windows.")
  var seed: UInt64 = 0

  @OptionGroup var settings: ConfigurationSettings

  @Option(name: [.short, .customLong("out")], help: "The folder to make.")
  var out: String

  func validate() throws {
    try check("--window", window, in: 2...4096)
    try check("--windows", windows ?? 2, in: 2...1_000_000)
    try check("--updates", updates, in: 1...1_000_000)
    try check("--batch", batch, in: 2...4096)
    guard batch.isMultiple(of: 2) else {
      throw ValidationError("'--batch' must be an even number, but is \(batch).")
    }
    guard learningRate > 0, learningRate < 1 else {
      throw ValidationError("'--learning-rate' must be in (0, 1), but is \(learningRate).")
    }
    for (name, weight) in [("--balance-weight", balanceWeight), ("--prior-weight", priorWeight)] {
      guard (0...1000).contains(weight) else {
        throw ValidationError("'\(name)' must be from 0 to 1000, but is \(weight).")
      }
    }
    guard dtype != .int8 else { throw ValidationError("'--dtype' must be f32 or bf16.") }
  }

  func run() throws {
    let folder = try CheckpointFolder(URL(filePath: checkpoint), settings: settings.set)
    let ids = try TextFile.ids(text, by: folder.tokenizer())
    var tuning = LanguageTuning()
    tuning.updates = updates
    tuning.batch = batch
    tuning.window = window
    tuning.optimizer.learningRate = learningRate
    tuning.optimizer.warmup = updates / 10
    tuning.experts.balanceWeight = balanceWeight
    tuning.experts.priorWeight = priorWeight
    tuning.precision = dtype.precision
    tuning.seed = seed
    let progress = ProgressLine(label: "updates")
    let reports = try tuning.run(
      folder, on: Array(ids.prefix((windows ?? .max / window) * window)), to: URL(filePath: out)
    ) { progress.show($0.updates, of: updates) }
    progress.finish()
    let tenth = max(1, reports.count / 10)
    let (first, last) = (reports.prefix(tenth), reports.suffix(tenth))
    let (before, after) = (mean(first.map(\.loss)), mean(last.map(\.loss)))
    print(
      "Loss of the first \(tenth) updates \(before.formatted(3)), of the last \(after.formatted(3)) nats; "
        + "\((Double(batch * window) / mean(reports.map(\.seconds))).formatted(0)) tokens/s.")
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

extension Double {
  fileprivate func formatted(_ decimals: Int) -> String {
    NumberFormat(decimals: decimals).text(self)
  }
}
