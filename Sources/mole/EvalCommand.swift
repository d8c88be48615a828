import ArgumentParser

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate policies on demonstrations; writes a run directory.",
    subcommands: [
      EvalRunCommand.self, EvalMergeCommand.self, EvalVerifyCommand.self, EvalSubmitCommand.self,
    ],
    defaultSubcommand: EvalRunCommand.self)
}
