import ArgumentParser
import Benchmarks
import Reports

struct BenchDecoderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decoder", abstract: "Time the layers of a language model over a prefill.",
    discussion: """
      Weights are made up, in memory alone, and laid out before the clock starts. In each turn all \
      layers run, then their matrix products alone (the peak), then PyTorch's layers where asked \
      for, each of its own type (int8 beside bf16).

      A Llama-2-7B layer against PyTorch:
        mole bench decoder --layers 2 --dtype f32,bf16,int8 --against torch
      """)

  @OptionGroup var options: BenchModelOptions

  func run() throws {
    let setting = try options.setting()
    try options.show {
      try DecoderSpeeds(setting, progress: $0)
    } as: {
      .decoder($0, setting, preset: options.preset)
    }
  }
}
