import Evaluation
import Foundation
import Synchronization
import Training
import VLAPolicy

/// Shows a training's progress on standard error.
final class TrainProgress: TrainingObserver {
  private let status = StatusLine()
  private var start = ContinuousClock.now
  private var first = 0
  private var samples = 0

  var shouldStop: Bool { Interruption.isRequested }

  /// Called before the first update of this process.
  func begin(at updates: Int, samples: Int) {
    status.finish()
    first = updates
    self.samples = samples
    start = .now
  }

  /// What is told while demonstrations are read; from any thread, one at a time.
  var loading: @Sendable (LoadingProgress) -> Void {
    let last = Mutex(-1)
    return { progress in
      let percent = 100 * progress.episodesDone / max(1, progress.episodeCount)
      let isNew = last.withLock { last in
        defer { last = percent - percent % 25 }
        return percent - percent % 25 != last
      }
      guard isNew else { return }
      let megabytes = progress.byteCount / 1_000_000
      Console.say(
        "Reading demonstrations: \(progress.episodesDone) of \(progress.episodeCount) episodes,"
          + " \(progress.pictureCount) pictures, \(megabytes) MB.")
    }
  }

  func updated(_ report: UpdateReport, of updates: Int) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let pace = seconds / Double(max(1, report.updates - first))
    let text = TrainProgress.text(
      report, of: updates, samplesPerSecond: Double(samples) / max(pace, 1e-9),
      secondsLeft: pace * Double(updates - report.updates))
    status.show(
      bar: ProgressText.bar(report.updates, of: updates) + " " + text, line: text,
      isLast: report.updates == updates)
  }

  func validated(_ validation: Validation, after updates: Int) {
    status.finish()
    var parts: [String] = []
    if let loss = validation.loss { parts.append(String(format: "loss %.4f", loss.total)) }
    parts += validation.measures.map { String(format: "%@ %.4g", $0.name, $0.value) }
    Console.say("validation after \(updates): " + parts.joined(separator: ", "))
  }

  func say(_ sentence: String) {
    status.finish()
    Console.say(sentence)
  }

  /// Leaves the bar's line.
  func finish() { status.finish() }

  private static func text(
    _ report: UpdateReport, of updates: Int, samplesPerSecond: Double, secondsLeft: Double
  ) -> String {
    let parts = LossPart.allCases.compactMap { part in
      report.loss.parts[part].map { String(format: "%@ %.4f", part.rawValue, $0) }
    }
    let losses = parts.count > 1 ? " (" + parts.joined(separator: ", ") + ")" : ""
    let rate = Double(report.loss.multiplyAccumulates) * 2 / report.seconds / 1e9
    return "\(report.updates)/\(updates)"
      + String(format: " loss %.4f", report.loss.total) + losses
      + String(format: ", norm %.2f, lr %.2e", report.gradientNorm, report.learningRate)
      + String(format: ", %.1f samples/s", samplesPerSecond)
      + (rate > 0 ? String(format: ", %.0f GFLOP/s", rate) : "")
      + ", \(ProgressText.clock(secondsLeft)) left"
  }
}
