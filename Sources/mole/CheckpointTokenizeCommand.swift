import ArgumentParser

struct CheckpointTokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Show the tokens of a text.")
}
