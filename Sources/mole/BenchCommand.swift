import ArgumentParser

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure how fast this machine is.",
    subcommands: [
      BenchDecoderCommand.self, BenchExpertsCommand.self, BenchVisionCommand.self,
      BenchPolicyCommand.self, BenchPrecisionCommand.self, BenchTrainCommand.self,
      BenchSimCommand.self,
    ])
}
