import ArgumentParser

struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Make, inspect and quantize checkpoints, trace a query, tokenize a text.",
    subcommands: [
      CheckpointInitCommand.self, CheckpointInspectCommand.self, CheckpointTraceCommand.self,
      CheckpointTokenizeCommand.self, CheckpointQuantizeCommand.self,
    ])
}
