internal import Checkpoints
package import Foundation
internal import Manipulation
package import TensorMath
package import VLAPolicy

/// FactorLLM's second stage for a language model: its feed-forward blocks, in experts or whole, learn
/// from a text; everything else stays as it is.
///
/// Routers learn too where anything says something to them: straight-through or soft gates, the load
/// balance, or the Prior-Approximate loss. Under hard gates alone they stay.
package struct LanguageTuning: Sendable {
  package var updates = 100
  /// Windows of an update; a multiple of `lanes`.
  package var batch = 4
  /// Tokens of a window.
  package var window = 256
  package var lanes = 2
  package var optimizer = OptimizerOptions()
  package var experts = ExpertOptions()
  package var precision = Precision.float32
  package var seed: UInt64 = 0

  package init() {
    optimizer.learningRate = 1e-4
    optimizer.warmup = 10
    optimizer.weightDecay = 0
  }

  /// What is told after an update.
  package struct Report: Sendable {
    package var updates: Int
    /// Mean −log p of a token, in nats.
    package var loss: Double
    package var seconds: Double
  }

  /// Tunes a checkpoint on a text and writes the result.
  ///
  /// - Parameters:
  ///   - folder: Of a language model.
  ///   - ids: The text's tokens.
  ///   - out: The folder to make.
  ///   - progress: Called after each update.
  /// - Returns: One report an update.
  /// - Throws: `CheckpointError`, `PolicyError`; `TrainingError` for a text of fewer than two windows
  ///   and for numbers that leave what floats hold.
  package func run(
    _ folder: CheckpointFolder, on ids: [Int], to out: URL, progress: (Report) -> Void = { _ in }
  ) throws -> [Report] {
    let windows = stride(from: 0, through: ids.count - window, by: window).map {
      Array(ids[$0..<$0 + window])
    }
    guard windows.count >= 2 else {
      throw TrainingError.tooLittleText(tokens: ids.count, window: window)
    }
    let configuration = try folder.languageModel()
    let objective = LanguageObjective(configuration, experts, precision: precision)
    let layout = objective.layout
    try checkMemory(for: layout, folder: folder.url)
    let archive = try folder.archive()
    try configuration.check(archive)
    let parameters = FloatStorage(
      try layout.parameters.flatMap { try archive.floats($0.name, shape: $0.shape) })
    let reports = try tune(parameters, objective, windows, progress)
    try FactorizedCheckpoint.write(folder.url, to: out) { name in
      layout.range(of: name).map { range in
        parameters.withSpan(range) { span in span.indices.map { span[$0] } }
      }
    }
    return reports
  }

  /// Parameters, two moments, and a gradient a lane, before any of it is taken.
  private func checkMemory(for layout: ParameterLayout, folder: URL) throws {
    let byteCount = (3 + lanes) * layout.count * MemoryLayout<Float>.stride
    let available = Int(ProcessInfo.processInfo.physicalMemory)
    guard byteCount < available else {
      throw PolicyError.tooLarge(
        gigabytes: byteCount >> 30, available: available >> 30, folder: folder.path)
    }
  }

  private func tune(
    _ parameters: FloatStorage, _ objective: LanguageObjective, _ windows: [[Int]],
    _ progress: (Report) -> Void
  ) throws -> [Report] {
    let layout = objective.layout
    let moments = AdamWMoments(count: layout.count)
    let gradients = (0..<lanes).map { _ in FloatStorage(count: layout.count) }
    let adamW = AdamW(optimizer, updates: updates, layout: layout)
    let frozen = layout.places.filter { !$0.parameter.name.contains(".mlp.") }.map(\.range)
    return try (0..<updates).map { update in
      let begin = ContinuousClock.now
      for gradient in gradients { OptimizerKernels.clear(gradient) }
      let drawn = draw(windows, update: update)
      let losses = try Lanes.map(lanes) { lane in
        let own = stride(from: lane, to: drawn.count, by: lanes).map { drawn[$0] }
        return objective.differentiate(own, at: parameters, into: gradients[lane])
      }
      for range in frozen { gradients.forEach { $0.clear(range) } }
      let norm = OptimizerKernels.sum(gradients, scale: 1 / Float(lanes)).squareRoot()
      guard norm.isFinite else {
        throw TrainingError.notFinite(what: "the gradient", update: update)
      }
      adamW.step(
        parameters, moments: moments, gradient: gradients[0], norm: norm, update: update)
      let mean = LossParts.mean(losses.map { ($0, 1) })
      let report = Report(
        updates: update + 1, loss: mean.parts[.task] ?? 0,
        seconds: begin.duration(to: .now) / .seconds(1))
      progress(report)
      return report
    }
  }

  /// Windows of an update: each as often as the others, to one.
  private func draw(_ windows: [[Int]], update: Int) -> [[Int]] {
    (update * batch..<(update + 1) * batch).map { place in
      let (pass, index) = place.quotientAndRemainder(dividingBy: windows.count)
      var generator = SeededGenerator(
        seed: SeededGenerator.derive(seed, ["tuning", "\(pass)"]))
      return windows[windows.indices.shuffled(using: &generator)[index]]
    }
  }
}

extension FloatStorage {
  fileprivate func clear(_ range: Range<Int>) {
    withMutableSpan(range) { span in for index in span.indices { span[index] = 0 } }
  }
}
