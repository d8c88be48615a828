import ArgumentParser
import Benchmarks
import Reports

struct BenchVisionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vision", abstract: "Time a picture through the towers and the projector.",
    discussion: """
      Weights are made up, in memory alone, and laid out before the clock starts. The towers stop \
      at the block whose output is used; the picture's pre-processing counts as vision.
      """)

  @OptionGroup var options: BenchModelOptions

  func run() throws {
    let setting = try options.setting()
    try options.show {
      try VisionSpeeds(setting, progress: $0)
    } as: {
      .vision($0, setting, preset: options.preset)
    }
  }
}
