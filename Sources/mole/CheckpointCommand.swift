import ArgumentParser

struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Make, inspect, quantize and factorize checkpoints; trace, tokenize, foretell.",
    subcommands: [
      CheckpointInitCommand.self, CheckpointInspectCommand.self, CheckpointTraceCommand.self,
      CheckpointTokenizeCommand.self, CheckpointQuantizeCommand.self,
      CheckpointFactorizeCommand.self, CheckpointRouteCommand.self, CheckpointTuneCommand.self,
      CheckpointPerplexityCommand.self,
    ])
}
