import ArgumentParser

struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint", abstract: "Make, look at, trace and tokenize with checkpoints.",
    subcommands: [
      CheckpointInitCommand.self, CheckpointInspectCommand.self, CheckpointTraceCommand.self,
      CheckpointTokenizeCommand.self,
    ])
}
